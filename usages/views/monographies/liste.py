"""La liste des monographies : celles qu'on écrit ou relit, et toutes celles qui sont publiées."""

from typing import Any

from django.db.models import QuerySet

from programme.socle.listes import VueListe
from programme.views.requete import Requete
from usages.enums import SANS_PROSE, CodeSection
from usages.filters.monographies import MonographieFilter
from usages.models import Monographie
from usages.services.monographies.titres import taire_les_titres
from usages.tables.monographies import MonographieTable

A_ECRIRE = len(CodeSection) - len(SANS_PROSE)


class MonographieListe(VueListe):
    """Celles que lit ce compte ; qui n'en lit que l'édition n'en voit pas l'avancement."""

    request: Requete
    modele = Monographie
    table = MonographieTable
    filtre = MonographieFilter
    titre = "Monographies"
    chapeau = "Ce que l’usage du DUI change dans un ESMS, vu sur place. Publiées, tous les comptes les lisent."
    unite = "monographie"
    recherche = "Titre ou ESMS"
    tri = "etat"
    nom_fichier = "monographies"

    def requete(self) -> QuerySet:
        """Avec ce que cite une ligne."""
        lues = Monographie.objects.lisibles_par(self.request.user).selon_le_lecteur(self.request.user)
        return lues.pour_lecture().avec_avancement()

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """L'avancement, à qui y travaille ou la relit."""
        for m in taire_les_titres(objets):
            m.avancee = f"{m.nb_ecrites} sur {A_ECRIRE}" if m.est_sienne else ""
            m.remarques = m.nb_ouvertes if m.est_sienne else 0

    def vide(self) -> dict[str, str]:
        """Aucune encore : d'où elles viennent."""
        texte = "Une monographie se commence depuis une visite d’étude. Publiée, elle se lit ici par tous les comptes."
        return {"titre": "Aucune monographie à lire", "texte": texte, "icone": "inbox"}
