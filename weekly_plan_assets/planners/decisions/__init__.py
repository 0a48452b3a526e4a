"""What a language model decides of a week, and the plan that code makes of it.

`contract` is the shape of an answer, `lenient` reads one, `sessions` makes sessions of what it
says, `texts_kept` keeps its words where they are fit, and `completion` makes the plan. Nothing here
judges one.
"""
