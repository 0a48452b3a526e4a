"""What `make docs` writes: pages and pictures that follow from the code."""
