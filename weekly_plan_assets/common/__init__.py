"""Small tools that know nothing of training: HTTP retries, private folders, child processes."""
