"""Formulaires des questionnaires et des risques."""
