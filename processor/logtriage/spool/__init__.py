"""Where records wait, durably, while their sender already has its OK."""
