"""Le moment d'un ESMS : ce qui attend la direction, ce qui attend le chef de projet ou le COMOP."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from programme.a_faire.lecture import lieu_de, parcours_vus
from programme.enums import EtatMoment, Role
from programme.models import Candidature, Moment
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde


def moments_en_cours(demande: Demande) -> dict[int, Moment]:
    """Échanges sans réponse des parcours vus, par parcours."""

    def lire() -> dict[int, Moment]:
        cles = [v.parcours.pk for v in parcours_vus(demande)]
        vus = Moment.objects.en_cours().filter(parcours__in=cles)
        return {m.parcours_id: m for m in vus.select_related("proposee", "demandee", "ouvert_par")}

    return demande.une_fois("moments", lire)


@inscrire("moment-direction")
def a_repondre(demande: Demande) -> Iterator[Ligne]:
    """Une vague proposée attend la réponse de la direction."""
    attente = moments_en_cours(demande)
    for vu in parcours_vus(demande):
        moment = attente.get(vu.parcours.pk)
        if moment is None or moment.etat != EtatMoment.PROPOSE or Role.DIRECTEUR not in vu.roles:
            continue
        page = reverse("programme:parcours-moment", args=[vu.parcours.pk])
        accepter = reverse("programme:passage", args=["moment", moment.pk, "accepter"])
        autre = reverse("programme:passage", args=["moment", moment.pk, "demander"])
        yield Ligne(
            titre=f"Choisir votre moment : {vu.parcours.esms.nom}",
            detail=f"{capfirst(str(moment.proposee))} proposée par {moment.ouvert_par}"
            f" le {date_courte(timezone.localdate(moment.ouvert_le))}",
            url=page,
            urgence=Urgence.DECIDER,
            texte=f"« {moment.mot} »" if moment.mot else "",
            gestes=(
                Bouton("Accepter", accepter),
                Bouton("Demander une autre vague", autre),
                Bouton("Voir les vagues", page),
            ),
        )


@inscrire("moment-conduite")
def a_accorder(demande: Demande) -> Iterator[Ligne]:
    """Vagues demandées par les directions, désaccords à porter devant le COMOP."""
    attente = moments_en_cours(demande)
    conduits = [v.parcours for v in parcours_vus(demande) if Role.CHEF_PROJET in v.roles]
    for etat, titre, urgence in (
        (EtatMoment.DEMANDE, "Répondre à une vague demandée,Répondre à {} vagues demandées", Urgence.REPONDRE),
        (EtatMoment.PORTE, "Un désaccord à porter au COMOP,{} désaccords à porter au COMOP", Urgence.SUIVRE),
    ):
        liens = tuple(
            Bouton(f"{lieu_de(p)} : vague {m.demandee.numero}", reverse("programme:parcours-moment", args=[p.pk]))
            for p in conduits
            if (m := attente.get(p.pk)) and m.etat == etat and m.demandee
        )
        if liens:
            un, plusieurs = titre.split(",")
            yield Ligne(
                titre=un if len(liens) == 1 else plusieurs.format(len(liens)),
                detail="La direction décide de son moment ; une vague pleine s'accorde avec un motif."
                if etat == EtatMoment.DEMANDE
                else "Inscrivez-le à l'ordre du jour, puis consignez ce qui est retenu.",
                url=liens[0].url,
                urgence=urgence,
                liens=liens,
            )


@inscrire("candidatures")
def candidatures(demande: Demande) -> Iterator[Ligne]:
    """Candidatures de site pilote qui attendent le chef de projet : une ligne par grappe."""
    conduits = {v.parcours.pk: v.parcours for v in parcours_vus(demande) if Role.CHEF_PROJET in v.roles}
    par_grappe: dict[int, list[Candidature]] = {}
    for candidature in Candidature.objects.en_attente().filter(parcours__in=conduits) if conduits else ():
        par_grappe.setdefault(conduits[candidature.parcours_id].grappe_id, []).append(candidature)
    for grappe, attendues in par_grappe.items():
        url = reverse("programme:grappe-pilotes", args=[grappe])
        yield Ligne(
            titre="Désigner un site pilote, ou décliner",
            detail=accorde(len(attendues), "candidature attend,candidatures attendent") + " votre réponse",
            url=url,
            urgence=Urgence.SUIVRE,
            gestes=(Bouton("Comparer les candidats", url),),
            noms=tuple(lieu_de(conduits[c.parcours_id]) for c in attendues),
        )
