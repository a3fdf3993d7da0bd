"""What Hookline's functions share on AWS: settings, contracts, stores and errors."""
