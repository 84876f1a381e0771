"""Ce que le registre des risques propose à une séance : l'inacceptable, un point chacun ; le critique, en un point."""

from collections.abc import Iterator

from django.urls import reverse

from programme.socle.nombres import accorde, quelques
from programme.socle.propositions import Demande, Proposition, inscrire
from programme.socle.texte import avec_point
from risques.enums import NiveauRisque
from risques.models import Risque
from risques.services.registre import sans_alerte


@inscrire("risques-inacceptables", "Risques inacceptables", 30)
def inacceptables(demande: Demande) -> Iterator[Proposition]:
    """Ceux dont aucune alerte ouverte ne porte déjà la question : elle est proposée à part, une fois."""
    if not demande.suit_ou_arbitre:
        return
    graves = sans_alerte(Risque.objects.visibles_par(demande.par).filter(grappe=demande.grappe).inacceptables())
    for risque in graves.pour_lecture().order_by("-criticite", "cree_le", "pk"):
        suivi = risque.nom_du_proprietaire
        yield Proposition(
            cle=f"risque:{risque.pk}",
            titre=f"Risque inacceptable : {risque}",
            expose=f"Pour {risque.pour}, {'suivi par ' + suivi if suivi else 'que personne ne suit encore'}.",
            nature="decision",
            duree=10,
            source=risque,
            url=reverse("risques:risque-detail", args=[risque.pk]),
            presse=True,
        )


@inscrire("risques-critiques", "Risques critiques", 65)
def critiques(demande: Demande) -> Iterator[Proposition]:
    """Ceux de la grappe et de ses ESMS, juste en dessous de l'arrêt : à relire ensemble."""
    if not demande.suit:
        return
    vus = Risque.objects.visibles_par(demande.par).filter(grappe=demande.grappe).ouverts().avec_niveau()
    lus = list(vus.filter(niveau=NiveauRisque.CRITIQUE).pour_lecture().order_by("-criticite", "cree_le", "pk"))
    if not lus:
        return
    yield Proposition(
        cle="risques-critiques",
        titre=accorde(len(lus), "risque critique,risques critiques"),
        expose=avec_point(quelques((f"« {r} » ({r.pour})" for r in lus), 6)),
        duree=10,
        url=f"{reverse('risques:risque-liste')}?grappe={demande.grappe.pk}&niveau={NiveauRisque.CRITIQUE}",
    )
