"""What tests of several folders share: servers, terminals, builders of rows, weeks and files.

No test is here, and no test module is imported by another one.
"""
