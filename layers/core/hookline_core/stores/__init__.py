"""Adapters to DynamoDB, S3 and KMS. They translate vendor errors into Hookline's."""
