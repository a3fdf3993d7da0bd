"""What the functions share about alerts: where they go, by what policy, and what they look like."""
