"""What a run is told: settings of the user and of the package, and the severity of rules."""
