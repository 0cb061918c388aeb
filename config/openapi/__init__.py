"""Makes the reference (OpenAPI 3.1) of what the views declare. For development only.

What it makes is shipped and served as files, one an app; ``tasks.api.reference`` puts them
together. So nothing that runs a site may import this package: drf-spectacular is not there.
"""
