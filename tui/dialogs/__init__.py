"""The dialogs that open over the screen; each gets what it shows as arguments."""
