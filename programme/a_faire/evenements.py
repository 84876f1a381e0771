"""Ce qui arrive aux ESMS : une fermeture, une fusion, un changement d'OG attendent une suite."""

from collections.abc import Iterator

from django.urls import reverse

from programme.enums import NatureEvenement, Role
from programme.models import EvenementEsms
from programme.services.evenements import FAITS, a_traiter_pour
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte


@inscrire("evenements")
def evenements(demande: Demande) -> Iterator[Ligne]:
    """Une ligne par nature, pour qui conduit la grappe ou tient le siège."""
    perimetre = demande.utilisateur.perimetre
    if not (perimetre.tient(Role.CHEF_PROJET) or perimetre.tient(Role.SIEGE)):
        return
    par_nature: dict[str, list[EvenementEsms]] = {}
    for evenement, _ in a_traiter_pour(demande.utilisateur):
        par_nature.setdefault(evenement.nature, []).append(evenement)
    for nature, connus in par_nature.items():
        yield _ligne(NatureEvenement(nature), connus)


def _ligne(nature: NatureEvenement, connus: list[EvenementEsms]) -> Ligne:
    liens = tuple(Bouton(_en_mots(e), reverse("programme:evenement-detail", args=[e.pk])) for e in connus)
    un, plusieurs = FAITS[nature]
    seul = len(connus) == 1
    titre = un if seul else plusieurs.format(len(connus))
    return Ligne(
        titre=f"{titre[0].upper()}{titre[1:]}",
        detail=liens[0].libelle if seul else "Rien ne se fait d'office : une suite à donner pour chacun",
        url=liens[0].url if seul else f"{reverse('programme:evenement-liste')}?nature={nature.value}",
        urgence=Urgence.SUIVRE,
        echeance=min((e.date_effet for e in connus if e.date_effet), default=None),
        gestes=(Bouton("Voir ce que cela touche", liens[0].url),) if seul else (),
        liens=() if seul else liens,
    )


def _en_mots(evenement: EvenementEsms) -> str:
    quand = f", le {date_courte(evenement.date_effet)}" if evenement.date_effet else ""
    return f"{evenement.esms}{quand}"
