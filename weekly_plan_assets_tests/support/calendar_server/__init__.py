"""The calendar of Intervals.icu on loopback, as its documents and its other clients describe it.

`server` is what tests start; `calendar` holds the entries and the rules of changing them;
`workout_text` is the parser of the steps in a description, written from the documents alone, and
`workout_load` the time and load that follow from them. What nobody has documented is decided in
one place each, and called an assumption there.
"""
