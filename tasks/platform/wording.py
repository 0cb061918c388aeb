"""What validation says, in English whatever the host's language.

``{name}`` is the field's wire name with spaces for underscores; ``{other}`` another field's.
"""

REQUIRED = "The {name} field is required."
INTEGER = "The {name} must be an integer."
DECIMAL = "The {name} must be a number of at least 0."
POSITIVE = "The {name} must be at least 1."
BETWEEN = "The {name} must be between 0 and {most}."
STRING = "The {name} must be a string."
CHARACTERS = "The {name} contains characters that can't be stored."
TOO_LONG = "The {name} may not be greater than {length} characters."
DATE = "The {name} is not a valid date."
SWITCH = "The {name} field must be on or off."
ARRAY = "The {name} must be an array."
TOO_MANY = "The {name} may not have more than {length} items."
SELECTED = "The selected {name} is invalid."
PERSON = "The {name} must be a valid user id."

INVALID_DATA = "The given data was invalid."
UNAUTHORIZED = "Unauthorized. A valid API key is required."
READ_ONLY = "This API key is read-only."
FORBIDDEN = "This action is not allowed."
NOT_FOUND = "Not found."
METHOD = "Method not allowed."
UNPARSABLE = "The request body could not be parsed."
MEDIA_TYPE = "Unsupported media type."
ENCODING = (
    "Unsupported media type. The request has a Content-Encoding: send the body uncompressed, "
    "without that header."
)
CONFLICT = "The request conflicts with another change. Try again."
THROTTLED = "Too many requests."
UNAVAILABLE = "Service unavailable. Try again."
SERVER_ERROR = "Server error."


def spoken(name: str) -> str:
    """A wire name as messages say it: ``task_title`` is "task title"."""
    return name.replace("_", " ")
