"""What is sent to an athlete: the week when it is planned, a session on its day, a failure.

Texts are made here from stored records, in the athlete's language. To whom they go, and that each
goes once, belongs to `operations`.
"""
