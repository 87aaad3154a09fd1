"""What people outside depend on: categories, severities, the report, attribute names; and the view of a record."""
