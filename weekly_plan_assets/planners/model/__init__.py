"""The model planner: any language model, asked with one prompt, and held to the rules by the loop.

`prompt` makes the words, `planner` asks, `chat` is all that knows pydantic-ai, and `fallback` plans
where the model does not. Nothing here judges an answer.
"""
