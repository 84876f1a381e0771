"""Ce qu'une adresse de l'API dit d'une période ou d'un indicateur."""

from typing import Any

from rest_framework import serializers

from usages.calculs.periodes import Periode


class PeriodeField(serializers.CharField):
    """« 2026-11 », « 2026-T4 », « 2026 »."""

    def to_internal_value(self, data: Any) -> Any:
        """La période ; refuse en disant quoi écrire."""
        try:
            return Periode.lire(super().to_internal_value(data))
        except ValueError as erreur:
            raise serializers.ValidationError(str(erreur)) from None
