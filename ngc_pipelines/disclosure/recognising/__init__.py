"""What a file is, by its bytes; its name has to agree.

Library's `recognise` alone is for others. Openers report what lies before a
header or after an end marker, since only they know where a file ends.
"""

from ngc_pipelines.disclosure.recognising.recognition import Recognised, recognise

__all__ = ["Recognised", "recognise"]
