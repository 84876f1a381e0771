"""De quoi lire des retours ensemble : une grappe, ses ESMS, des retours à leur date, menés par la porte."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.porte import changer_etat
from tests.fabriques import GrappeFactory, OgFactory, ParcoursFactory, cheffe_de
from tests.usages.fabriques import DemandeEditeurFactory
from tests.usages.retours.fabriques import RetourFactory
from usages.enums import ThemeRetour, VoieRetour
from usages.models import DemandeEditeur, Retour, SuiteDeRetour


def il_y_a(jours: int) -> date:
    return timezone.localdate() - timedelta(days=jours)


@dataclass
class Monde:
    """Une grappe, sa cheffe, ses ESMS."""

    grappe: Grappe
    cheffe: Utilisateur
    esms: list[Parcours]

    def dire(self, jours: int = 20, ou: int = 0, **champs: Any) -> Retour:
        """Un retour reçu il y a tant de jours."""
        return RetourFactory(parcours=self.esms[ou], recu_le=il_y_a(jours), **champs)

    def mener(self, retour: Retour, transition: str, apres: int = 1, **details: Any) -> Retour:
        """Un pas par la porte, tant de jours après sa réception."""
        dits: dict[str, dict[str, Any]] = {
            "qualifier": {"theme": ThemeRetour.PANNE, "titre": f"Résumé {retour.pk}"},
            "prendre_en_charge": {
                "voie": VoieRetour.INTERNE,
                "theme": ThemeRetour.PANNE,
                "titre": f"Résumé {retour.pk}",
            },
            "publier": {"reponse": f"Réponse {retour.pk}"},
            "ne_pas_retenir": {"titre": f"Résumé {retour.pk}"},
        }
        motif = f"Raison {retour.pk}" if transition in ("ne_pas_retenir", "rouvrir") else ""
        effet = retour.recu_le + timedelta(days=apres)
        changer_etat(
            retour, transition, par=self.cheffe, motif=motif, date_effet=effet, **dits.get(transition, {}) | details
        )
        return Retour.objects.get(pk=retour.pk)

    def repondre(self, jours: int = 20, en: int = 5, ou: int = 0, reponse: str = "", **details: Any) -> Retour:
        """Un retour lu au bout d'un jour, répondu au bout de `en`."""
        lu = self.mener(self.dire(jours, ou), "qualifier", **details)
        return self.mener(lu, "publier", en, **({"reponse": reponse} if reponse else {}))

    def chez_l_editeur(self, jours: int = 20, ou: int = 0, **champs: Any) -> Retour:
        """Un retour que l'éditeur doit traiter."""
        return self.mener(self.dire(jours, ou, **champs), "prendre_en_charge", voie=VoieRetour.EDITEUR)

    def ecrire(self, retour: Retour) -> DemandeEditeur:
        """La demande à l'éditeur qui en vient."""
        demande = DemandeEditeurFactory(grappe=self.grappe, creee_par=self.cheffe)
        type_de = ContentType.objects.get_for_model(DemandeEditeur)
        SuiteDeRetour.objects.create(
            retour=retour, nature="editeur", objet_type=type_de, objet_id=demande.pk, faite_par=self.cheffe
        )
        return demande


def monde(nb_esms: int = 2) -> Monde:
    """Chaque ESMS est d'un organisme à lui."""
    grappe = GrappeFactory(nom="Vignes hautes")
    esms = [ParcoursFactory(grappe=grappe, esms__og=OgFactory()) for _ in range(nb_esms)]
    return Monde(grappe, cheffe_de(grappe), esms)


def lu(reponse: Any) -> str:
    """La page, apostrophes et espaces ordinaires."""
    return reponse.content.decode().replace("&#x27;", "'").replace("\xa0", " ").replace("\u202f", " ")
