"""Chapitres du dossier de séance tirés du tronc, un module par sujet : charger ce paquet les inscrit."""

from programme.chapitres import avancement, glissement, preparation, suivi

__all__ = ["avancement", "glissement", "preparation", "suivi"]
