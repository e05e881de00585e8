"""Files and folders of our own making: temporary ones, whole or absent ones, inflated ones."""
