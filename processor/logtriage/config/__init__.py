"""The settings: one YAML file in the Collector's notation, checked as a whole before anything starts."""
