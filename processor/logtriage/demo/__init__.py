"""The demo: a capture of real records, sent through the running service, shown before and after."""
