"""What a rule makes: checks as frozen values, and the expressions that they hold."""
