"""The model planner: any language model, asked with one prompt, and held to the rules by the loop.

`prompt` makes the words of `week_brief` and `data_tables`, `planner` asks, `patient_model` asks
again where a provider is in trouble, and `fallback` plans where the model does not. `chat` sends
requests by pydantic-ai: `request_forms` says what else than the words is in them, `kept_answer`
what need not be sent again, `prices` what they cost. Nothing here judges an answer.
"""
