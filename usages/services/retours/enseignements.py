"""Les enseignements du pilote : les écrire, les corriger, les dire lus. Leur état passe par la porte."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from programme.models import Grappe, Module, Parcours, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from usages.models import Enseignement, LectureEnseignement
from usages.models.communs import a_ete_pilote
from usages.permissions import peut_dire_lu, peut_tenir_les_enseignements
from usages.services.retours.croisements import exiger_meme

CHAMPS = ("libelle", "conseil", "pilote", "module", "a_regler")
CLOS = "Cet enseignement est clos : rouvrez-le d'abord."
PAS_UN_PILOTE = "Cet ESMS n'est pas un site pilote de cette grappe : choisissez-en un, ou aucun."
SANS_CONSEIL = "Écrivez ce que vous conseillez aux suivants : c'est ce qu'ils liront."


def _verifier(enseignement: Enseignement, avant: int | None = None) -> None:
    """`avant` : le pilote qu'il nommait ; s'il ne l'est plus depuis, il l'a été."""
    pilote = enseignement.pilote
    en_est_un = pilote is None or (
        pilote.grappe_id == enseignement.grappe_id and (pilote.est_pilote or a_ete_pilote(pilote))
    )
    if not en_est_un and enseignement.pilote_id != avant:
        raise Refus("champ", PAS_UN_PILOTE, champs={"pilote": [PAS_UN_PILOTE]})
    if not enseignement.conseil.strip():
        raise Refus("champ", SANS_CONSEIL, champs={"conseil": [SANS_CONSEIL]})
    valider(enseignement)


@transaction.atomic
def ecrire_enseignement(
    *,
    grappe: Grappe,
    libelle: str,
    conseil: str,
    par: Utilisateur,
    pilote: Parcours | None = None,
    module: Module | None = None,
    a_regler: bool = False,
) -> Enseignement:
    """Écrit un enseignement, au nom d'un pilote ou de la grappe. Lève `Refus` (droit, champ)."""
    exiger(peut_tenir_les_enseignements(par, pilote or grappe))
    enseignement = Enseignement(
        grappe=grappe,
        pilote=pilote,
        module=module,
        libelle=libelle,
        conseil=conseil,
        a_regler=a_regler,
        ecrit_par=par,
    )
    _verifier(enseignement)
    enseignement.save()
    return enseignement


@transaction.atomic
def corriger_enseignement(
    *, enseignement: Enseignement, par: Utilisateur, vu: str | None = None, **valeurs: Any
) -> Enseignement:
    """Corrige un enseignement ouvert (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, etat, champ, concurrence).

    Qui l'avait lu l'a toujours lu : un conseil refait de fond en comble s'écrit à neuf, l'ancien se clôt.
    """
    relu = Enseignement.objects.select_for_update(of=("self",)).get(pk=enseignement.pk)
    exiger(peut_tenir_les_enseignements(par, relu))
    if not relu.est_ouvert:
        raise Refus("etat", CLOS)
    exiger_meme(relu, CHAMPS, vu)
    avant = relu.pilote_id
    for nom, valeur in valeurs.items():
        setattr(relu, nom, valeur)
    # Le confier à un autre pilote, ou à la grappe, demande de pouvoir y écrire.
    exiger(peut_tenir_les_enseignements(par, relu.pilote or relu.grappe))
    _verifier(relu, avant)
    relu.save()
    return relu


@transaction.atomic
def dire_lu(*, parcours: Parcours, enseignements: Iterable[Enseignement], par: Utilisateur) -> int:
    """Dit ces enseignements lus par cet ESMS ; rend combien ne l'étaient pas encore. Lève `Refus` (droit).

    Le premier qui l'a dit reste nommé : relire n'efface ni son nom, ni son jour.
    """
    exiger(peut_dire_lu(par, parcours))
    cles = {e.pk for e in enseignements if e.grappe_id == parcours.grappe_id and e.est_ouvert}
    deja = LectureEnseignement.objects.filter(parcours=parcours, enseignement__in=cles)
    neufs = cles - set(deja.values_list("enseignement", flat=True))
    LectureEnseignement.objects.bulk_create(
        [LectureEnseignement(enseignement_id=cle, parcours=parcours, lu_par=par) for cle in sorted(neufs)],
        ignore_conflicts=True,
    )
    return len(neufs)
