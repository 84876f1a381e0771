"""Le corps d'une demande d'API : du JSON, et rien qui épuise son lecteur."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class LecteurJson(JSONParser):
    """Celui de DRF ; des milliers de crochets imbriqués sont une demande illisible, pas une panne."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Le corps lu. Lève `ParseError`."""
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as faute:
            raise ParseError from faute
