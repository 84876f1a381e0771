"""La checklist : ce qui est dû dans ses ESMS, et ce qu'on vous a confié."""

from collections.abc import Iterator

from django.urls import reverse

from programme.a_faire.lecture import lieu_de, parcours_vus
from programme.calculs.checklist import REGLES
from programme.enums import EtatParcours, Niveau, Role
from programme.models import ReponseChecklist
from programme.services.checklist.lecture import libelles_en_vigueur, lire_checklists
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.nombres import accorde

TIENNENT = {Role.DIRECTEUR, Role.REFERENT}


@inscrire("checklist")
def checklist(demande: Demande) -> Iterator[Ligne]:
    """Les actions dont la date est passée ; celles qui se constatent se disent déjà d'elles-mêmes."""
    vus = {v.parcours.pk: v.parcours for v in parcours_vus(demande) if v.roles & TIENNENT}
    dues = {
        cle: [x for x in lue.maintenant if x.en_retard(demande.au) and not x.ligne.mesure]
        for cle, lue in (lire_checklists(vus.values()) if vus else {}).items()
    }
    liens = tuple(
        Bouton(f"{lieu_de(vus[cle])} : {accorde(len(lignes), 'action')}", _page(cle))
        for cle, lignes in dues.items()
        if lignes
    )
    if not liens:
        return
    nombre = sum(map(len, dues.values()))
    yield Ligne(
        titre="Avancer dans la checklist",
        detail=accorde(nombre, "action dont la date est passée,actions dont la date est passée"),
        url=liens[0].url,
        urgence=Urgence.PEUT_ATTENDRE,
        echeance=min(x.echeance for lignes in dues.values() for x in lignes if x.echeance),
        gestes=(Bouton("Ouvrir la checklist", liens[0].url),) if len(liens) == 1 else (),
        liens=liens if len(liens) > 1 else (),
    )


@inscrire("checklist_confiee")
def confiees(demande: Demande) -> Iterator[Ligne]:
    """Ce qu'on vous a confié et qui reste à régler ; plus rien pour un ESMS sorti, ou qu'on ne voit plus."""
    reponses = ReponseChecklist.objects.lisibles_par(demande.utilisateur).filter(responsable=demande.utilisateur)
    restent = reponses.exclude(statut__in=REGLES).exclude(parcours__etat=EtatParcours.SORTI)
    lues = list(restent.select_related("grappe", "parcours__esms", "og", "groupe").order_by("echeance", "pk"))
    libelles = libelles_en_vigueur({r.grappe_id for r in lues})
    for reponse in lues:
        libelle = libelles.get(reponse.grappe_id, {}).get(reponse.code)
        if libelle is None:
            continue
        yield Ligne(
            titre=f"À vous : {libelle}",
            detail=str(reponse.cible),
            url=_adresse(reponse),
            urgence=Urgence.SUIVRE,
            echeance=reponse.echeance,
            gestes=(Bouton("Répondre", _adresse(reponse)),),
        )


def _page(parcours: int) -> str:
    return reverse("programme:checklist-esms", args=[parcours])


def _adresse(reponse: ReponseChecklist) -> str:
    if reponse.niveau == Niveau.ESMS and reponse.parcours_id:
        return f"{_page(reponse.parcours_id)}#action-{reponse.code}"
    page = reverse("programme:checklist-niveau", args=[reponse.grappe_id, reponse.niveau, reponse.cible.pk])
    return f"{page}#action-{reponse.code}"
