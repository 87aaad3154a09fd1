"""From a record that nobody judged yet to a verdict: engine, policy, evidence."""
