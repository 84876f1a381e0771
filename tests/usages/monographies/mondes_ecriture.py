"""Le monde d'une monographie : une étude, son pilote, un second auteur, un lecteur, l'ESMS visité et sa direction."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from programme.enums import Role
from programme.models import Utilisateur
from tests.fabriques import GrappeFactory, ParcoursFactory, affecter, directrice_de
from tests.usages.monographies.fabriques import MonographieFactory, VisiteFactory, equiper, passer
from usages.enums import EtatMonographie, RoleEtude
from usages.models import Monographie, SectionMonographie
from usages.services.monographies.sections import ecrire_section, jeton_de

TEXTE = "## La relève\n\nElle durait vingt minutes.\n\nChaque métier lit la même page.\n\nLa nuit écrit pour le jour."


@dataclass
class Monde:
    """Une monographie, et qui l'entoure."""

    monographie: Monographie
    pilote: Utilisateur
    auteur: Utilisateur
    lecteur: Utilisateur
    direction: Utilisateur

    def section(self, code: str = "organisation") -> SectionMonographie:
        """La section, relue."""
        return SectionMonographie.objects.select_related("monographie__visite__etude").get(
            monographie=self.monographie, code=code
        )

    def ecrire(self, texte: str = TEXTE, *, code: str = "organisation", par: Utilisateur | None = None) -> Any:
        """Écrit la section, en étant parti de ce qu'elle est."""
        section = self.section(code)
        return ecrire_section(section=section, texte=texte, vu=jeton_de(section), par=par or self.pilote)

    def url(self, nom: str, code: str = "organisation") -> str:
        """L'adresse d'une page de la monographie, ou d'une section."""
        args = [self.monographie.pk, code] if nom.startswith("section-") else [self.monographie.pk]
        return reverse(f"usages:{nom}", args=args)

    def mener(self, etat: str) -> Monographie:
        """La conduit à cet état, une section écrite."""
        if not self.section().texte:
            self.ecrire()
        E = EtatMonographie
        pas = {
            E.RELECTURE: [(self.pilote, "envoyer_en_relecture")],
            E.VALIDEE: [(self.pilote, "envoyer_en_relecture"), (self.direction, "valider")],
            E.PUBLIEE: [
                (self.pilote, "envoyer_en_relecture"),
                (self.direction, "valider"),
                (self.pilote, "publier"),
            ],
        }
        for par, transition in pas.get(E(etat), []):
            passer(self.monographie, par, transition)
        return self.monographie


def un_monde(**champs: Any) -> Monde:
    """Une monographie en brouillon ; le pilote est chef de projet ailleurs, et ne voit l'ESMS que par l'étude."""
    parcours = champs.pop("parcours", None) or ParcoursFactory(esms__nom="IME Les Acacias")
    visite = VisiteFactory(parcours=parcours)
    monographie = MonographieFactory(visite=visite, **champs)
    pilote, auteur, lecteur = (affecter(Role.CHEF_PROJET, GrappeFactory()) for _ in range(3))
    for compte, role in ((pilote, RoleEtude.PILOTE), (auteur, RoleEtude.AUTEUR), (lecteur, RoleEtude.LECTEUR)):
        equiper(visite.etude, compte, role)
    return Monde(monographie, pilote, auteur, lecteur, directrice_de(parcours))
