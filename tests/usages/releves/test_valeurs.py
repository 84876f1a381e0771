"""Écrire les chiffres : ce qu'on retient, ce qu'on refuse, et des totaux toujours exacts."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.socle.erreurs import Refus
from programme.socle.indicateurs import Mesure
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, affecter
from tests.usages.fabriques import IndicateurFactory, ce_mois, le_mois_dernier, releve_de, transmettre
from tests.usages.releves.aides import calcule, case, direction, exiger_totaux_justes, paire, presents, relever
from usages.calculs import controles
from usages.enums import Absence, Forme, Origine
from usages.models import CumulIndicateur, Releve, Valeur
from usages.services.chiffres.extraits import SANS_RELEVE
from usages.services.chiffres.feuilles import INATTENDU
from usages.services.chiffres.retenir import COMMUN, DEJA_TRANSMIS
from usages.services.chiffres.valeurs import Importe, Saisie, ecrire, jeton, poser_calcules, remplacer_importes

pytestmark = pytest.mark.django_db


def d(valeur: Any) -> Decimal:
    return Decimal(str(valeur))


def refus(releve: Releve, *saisies: Saisie, par: Any = None, **autres: Any) -> Refus:
    with pytest.raises(Refus) as leve:
        ecrire(releve=releve, saisies=saisies, par=par or direction(releve.parcours), **autres)
    return leve.value


# --- saisir -----------------------------------------------------------------------------------------------------------


def test_un_chiffre_tape_se_garde_avec_qui_et_quand() -> None:
    indicateur = IndicateurFactory()
    releve = relever(indicateur)
    qui = direction(releve.parcours)
    fait = ecrire(releve=releve, saisies=[Saisie(indicateur.pk, numerateur=d(30), denominateur=d(40))], par=qui)
    lu = case(releve, indicateur)
    assert (paire(lu), lu.origine, lu.ecrite_par) == ((30, 40), Origine.SAISI, qui)
    assert lu.ecrite_le is not None and len(fait.ecrites) == 1
    assert jeton(lu) == jeton(fait.ecrites[0])


def test_redire_la_meme_chose_n_ecrit_rien() -> None:
    indicateur = IndicateurFactory()
    releve = relever(indicateur)
    qui = direction(releve.parcours)
    saisie = Saisie(indicateur.pk, numerateur=d(30), denominateur=d(40))
    ecrire(releve=releve, saisies=[saisie], par=qui)
    avant = jeton(case(releve, indicateur))
    assert ecrire(releve=releve, saisies=[saisie], par=qui).ecrites == []
    assert jeton(case(releve, indicateur)) == avant


def test_seule_l_equipe_de_l_esms_saisit() -> None:
    releve = relever(IndicateurFactory())
    for role, sur in (("chef_projet", releve.grappe), ("ars", releve.region), ("appui", releve.grappe)):
        assert refus(releve, par=affecter(role, sur)).code == "droit"
    assert refus(releve, par=direction(ParcoursFactory())).code == "droit"


def test_non_mesurable_n_est_pas_zero() -> None:
    indicateur = IndicateurFactory()
    releve = relever(indicateur)
    qui = direction(releve.parcours)
    ecrire(releve=releve, saisies=[Saisie(indicateur.pk, motif=Absence.NON_MESURABLE)], par=qui)
    lu = case(releve, indicateur)
    assert (paire(lu), lu.motif) == ((None, None), Absence.NON_MESURABLE)
    both = Saisie(indicateur.pk, numerateur=d(3), denominateur=d(4), motif=Absence.NON_CONCERNE)
    assert "pas les deux" in refus(releve, both).motif


def test_un_refus_ne_laisse_rien_d_ecrit_et_nomme_chaque_chiffre() -> None:
    bon, mauvais = IndicateurFactory(), IndicateurFactory()
    releve = relever(bon, mauvais)
    saisies = (
        Saisie(bon.pk, numerateur=d(3), denominateur=d(4)),
        Saisie(mauvais.pk, numerateur=d(5), denominateur=d(4)),
    )
    leve = refus(releve, *saisies)
    assert leve.champs == {mauvais.code: ["5 dépasse 4, le nombre auquel on le rapporte : corrigez l'un des deux."]}
    assert paire(case(releve, bon)) == (None, None)


def test_en_partiel_le_bon_s_ecrit_et_le_mauvais_se_dit() -> None:
    bon, mauvais = IndicateurFactory(), IndicateurFactory()
    releve = relever(bon, mauvais)
    fait = ecrire(
        releve=releve,
        saisies=[
            Saisie(bon.pk, numerateur=d(3), denominateur=d(4)),
            Saisie(mauvais.pk, numerateur=d(-5), denominateur=d(4)),
        ],
        par=direction(releve.parcours),
        partiel=True,
    )
    assert fait.refusees == {mauvais.code: [controles.NEGATIF]}
    assert (paire(case(releve, bon)), paire(case(releve, mauvais))) == ((3, 4), (None, None))


def test_un_indicateur_inattendu_se_refuse() -> None:
    releve, autre = relever(IndicateurFactory()), IndicateurFactory()
    assert refus(releve, Saisie(autre.pk, numerateur=d(3), denominateur=d(4))).champs == {str(autre.pk): [INATTENDU]}


def test_le_nombre_partage_se_tape_une_fois_et_vaut_pour_tous() -> None:
    commun = presents()
    un, deux = (IndicateurFactory(denominateur_commun=commun) for _ in range(2))
    releve = relever(commun, un, deux)
    qui = direction(releve.parcours)
    ecrire(releve=releve, saisies=[Saisie(un.pk, numerateur=d(30))], par=qui)
    assert paire(case(releve, un)) == (30, None), "le nombre partagé peut venir après"
    ecrire(releve=releve, saisies=[Saisie(deux.pk, numerateur=d(31)), Saisie(commun.pk, numerateur=d(40))], par=qui)
    assert (paire(case(releve, un)), paire(case(releve, deux))) == ((30, 40), (31, 40))
    ecrire(releve=releve, saisies=[Saisie(commun.pk, numerateur=d(50))], par=qui)
    assert (paire(case(releve, un)), paire(case(releve, deux))) == ((30, 50), (31, 50))
    ecrire(releve=releve, saisies=[Saisie(commun.pk)], par=qui)
    assert paire(case(releve, un)) == (30, None), "retiré, il ne reste sous aucun"


def test_un_nombre_partage_trop_petit_dit_lequel_il_contredit() -> None:
    commun = presents()
    un = IndicateurFactory(denominateur_commun=commun, libelle="Projets à jour")
    releve = relever(commun, un)
    qui = direction(releve.parcours)
    ecrire(releve=releve, saisies=[Saisie(commun.pk, numerateur=d(40)), Saisie(un.pk, numerateur=d(38))], par=qui)
    leve = refus(releve, Saisie(commun.pk, numerateur=d(35)))
    assert leve.champs[commun.code][0].startswith("Projets à jour : 38 dépasse 35")
    assert paire(case(releve, un)) == (38, 40)
    assert refus(releve, Saisie(un.pk, numerateur=d(3), denominateur=d(39))).champs[un.code] == [COMMUN.format("40")]


def test_on_ne_transmet_pas_un_rapport_sans_son_denominateur() -> None:
    commun = presents()
    un = IndicateurFactory(denominateur_commun=commun)
    releve = relever(commun, un)
    qui = direction(releve.parcours)
    ecrire(releve=releve, saisies=[Saisie(un.pk, numerateur=d(30))], par=qui)
    with pytest.raises(Refus, match="nombre auquel on rapporte"):
        transmettre(releve, par=qui)
    ecrire(releve=releve, saisies=[Saisie(commun.pk, numerateur=d(40))], par=qui)
    transmettre(releve, par=qui)
    exiger_totaux_justes()


def test_une_chute_demande_un_mot_avant_de_transmettre() -> None:
    indicateur = IndicateurFactory()
    avant = relever(indicateur, recul=2)
    releve = relever(indicateur, parcours=avant.parcours)
    qui = direction(releve.parcours)
    ecrire(releve=avant, saisies=[Saisie(indicateur.pk, numerateur=d(36), denominateur=d(40))], par=qui)
    ecrire(releve=releve, saisies=[Saisie(indicateur.pk, numerateur=d(12), denominateur=d(40))], par=qui)
    assert case(releve, indicateur).mot_attendu
    with pytest.raises(Refus, match="mot sur ce qui surprend"):
        transmettre(releve, par=qui)
    saisie = Saisie(indicateur.pk, numerateur=d(12), denominateur=d(40), commentaire="Fermeture d'une unité")
    ecrire(releve=releve, saisies=[saisie], par=qui)
    transmettre(releve, par=qui)


def test_un_numero_de_securite_sociale_ne_s_ecrit_pas() -> None:
    indicateur = IndicateurFactory()
    releve = relever(indicateur)
    saisie = Saisie(indicateur.pk, numerateur=d(3), denominateur=d(4), commentaire="voir 2 55 08 14 168 025 38")
    assert "numéro de sécurité sociale" in refus(releve, saisie).champs[indicateur.code][0]


def test_deux_personnes_ne_s_ecrasent_pas() -> None:
    indicateur = IndicateurFactory()
    releve = relever(indicateur)
    une, autre = direction(releve.parcours), direction(releve.parcours)
    vu = jeton(case(releve, indicateur))
    ecrire(releve=releve, saisies=[Saisie(indicateur.pk, numerateur=d(30), denominateur=d(40), vu=vu)], par=une)
    leve = refus(releve, Saisie(indicateur.pk, numerateur=d(31), denominateur=d(40), vu=vu), par=autre)
    assert leve.code == "concurrence" and str(une) in leve.motif
    # Redire ce que l'autre a dit n'est pas se croiser.
    ecrire(releve=releve, saisies=[Saisie(indicateur.pk, numerateur=d(30), denominateur=d(40), vu=vu)], par=autre)


def test_les_parts_font_le_total() -> None:
    indicateur = IndicateurFactory(forme=Forme.REPARTITION, denominateur="", plafonne=False)
    releve = relever(indicateur)
    qui = direction(releve.parcours)
    parts = [Saisie(indicateur.pk, "educateurs", d(12)), Saisie(indicateur.pk, "soignants", d(8))]
    ecrire(releve=releve, saisies=parts, par=qui)
    assert paire(case(releve, indicateur))[0] == 20
    transmettre(releve, par=qui)
    exiger_totaux_justes()


# --- après la transmission ------------------------------------------------------------------------------------------


@pytest.fixture
def transmis() -> Releve:
    """Un relevé transmis : 30 sur 40."""
    indicateur = IndicateurFactory()
    releve = relever(indicateur)
    qui = direction(releve.parcours)
    ecrire(releve=releve, saisies=[Saisie(indicateur.pk, numerateur=d(30), denominateur=d(40))], par=qui)
    return transmettre(releve, par=qui)


def indicateur_de(releve: Releve) -> Any:
    return releve.valeurs.get().indicateur


def test_corriger_un_transmis_demande_pourquoi_et_garde_l_ancien_a_cote(transmis: Releve) -> None:
    indicateur = indicateur_de(transmis)
    nouveau = {"numerateur": d(20), "denominateur": d(40)}
    assert refus(transmis, Saisie(indicateur.pk, **nouveau)).champs == {indicateur.code: [controles.RAISON_DUE]}
    ecrire(
        releve=transmis,
        saisies=[Saisie(indicateur.pk, raison="Deux services comptés deux fois", **nouveau)],
        par=direction(transmis.parcours),
    )
    lu = case(transmis, indicateur)
    assert (paire(lu), lu.extraite_numerateur, lu.extraite_denominateur) == ((20, 40), 30, 40)
    assert lu.est_corrigee
    assert CumulIndicateur.objects.get(maille="national", indicateur=indicateur).numerateur == 20
    exiger_totaux_justes()


def test_un_transmis_ne_s_efface_pas(transmis: Releve) -> None:
    indicateur = indicateur_de(transmis)
    assert refus(transmis, Saisie(indicateur.pk)).champs == {indicateur.code: [DEJA_TRANSMIS]}


def test_valide_ne_s_ecrit_qu_en_reponse_et_verrouille_plus_du_tout(transmis: Releve) -> None:
    indicateur, cheffe = indicateur_de(transmis), affecter("chef_projet", transmis.grappe)
    saisie = Saisie(indicateur.pk, numerateur=d(20), denominateur=d(40), raison="Erreur de lecture")
    changer_etat(transmis, "valider", par=cheffe)
    assert refus(transmis, saisie).motif == controles.VALIDE
    ecrire(releve=transmis, saisies=[saisie], par=direction(transmis.parcours), en_reponse=True)
    changer_etat(transmis, "verrouiller", par=cheffe)
    assert refus(transmis, saisie, en_reponse=True).motif == controles.VERROUILLE
    exiger_totaux_justes()


def test_une_periode_a_venir_se_refuse() -> None:
    indicateur = IndicateurFactory()
    releve = relever(indicateur)
    Releve.objects.filter(pk=releve.pk).update(debut=ce_mois().suivante().debut)
    assert "n'a pas commencé" in refus(releve, Saisie(indicateur.pk, numerateur=d(3), denominateur=d(4))).motif


# --- calculer ---------------------------------------------------------------------------------------------------------


def poser(releve: Releve, indicateur: Any, *mesures: Mesure) -> Any:
    dites = {releve.parcours_id: mesures} if mesures else {}
    return poser_calcules(releve_cles=[releve.pk], mesures={indicateur.pk: dites}, le=timezone.now())


def test_un_calcul_remplit_sa_case_et_se_refait_sans_rien_changer() -> None:
    indicateur = calcule()
    releve = relever(indicateur)
    assert poser(releve, indicateur, Mesure(7)).ecrits == 1
    lu = case(releve, indicateur)
    assert (paire(lu), lu.origine, lu.ecrite_par) == ((7, None), Origine.CALCULE, None)
    releve.refresh_from_db()
    assert releve.calcule_le is not None
    bilan = poser(releve, indicateur, Mesure(7))
    assert (bilan.ecrits, bilan.inchanges) == (0, 1)
    assert case(releve, indicateur).ecrite_le == lu.ecrite_le


def test_un_calcul_qui_ne_dit_plus_rien_rend_la_case_a_l_attente() -> None:
    indicateur = calcule()
    releve = relever(indicateur)
    poser(releve, indicateur, Mesure(7))
    poser(releve, indicateur)
    lu = case(releve, indicateur)
    assert (paire(lu), lu.origine, lu.est_repondue) == ((None, None), "", False)


def test_la_correction_de_l_esms_survit_au_calcul_suivant() -> None:
    indicateur = calcule()
    releve = relever(indicateur)
    qui = direction(releve.parcours)
    poser(releve, indicateur, Mesure(7))
    assert refus(releve, Saisie(indicateur.pk, numerateur=d(9))).champs == {indicateur.code: [controles.RAISON_DUE]}
    saisie = Saisie(indicateur.pk, numerateur=d(9), raison="Une unité rattachée le 3")
    ecrire(releve=releve, saisies=[saisie], par=qui)
    poser(releve, indicateur, Mesure(8))
    lu = case(releve, indicateur)
    assert (lu.numerateur, lu.extraite_numerateur, lu.raison) == (9, 8, "Une unité rattachée le 3")
    # Vidée par l'ESMS, elle redit ce que le calcul a dit.
    ecrire(releve=releve, saisies=[Saisie(indicateur.pk)], par=qui)
    lu = case(releve, indicateur)
    assert (lu.numerateur, lu.extraite_numerateur, lu.raison, lu.origine) == (8, None, "", Origine.CALCULE)
    # Rejointe par le calcul, la correction n'en est plus une.
    ecrire(releve=releve, saisies=[saisie], par=qui)
    poser(releve, indicateur, Mesure(9))
    assert not case(releve, indicateur).est_corrigee


def test_un_calcul_n_ecrit_pas_dans_un_relevé_transmis() -> None:
    indicateur = calcule()
    releve = relever(indicateur)
    poser(releve, indicateur, Mesure(7))
    transmettre(releve, par=direction(releve.parcours))
    assert poser(releve, indicateur, Mesure(9)).ecrits == 0
    assert case(releve, indicateur).numerateur == 7
    exiger_totaux_justes()


def test_ce_que_la_categorie_ne_concerne_pas_reste_ainsi() -> None:
    indicateur = calcule()
    releve = relever(indicateur)
    Valeur.objects.filter(releve=releve).update(motif=Absence.NON_CONCERNE)
    poser(releve, indicateur, Mesure(9))
    assert case(releve, indicateur).motif == Absence.NON_CONCERNE


def test_des_parts_calculees_se_remplacent_entieres() -> None:
    indicateur = calcule(forme=Forme.REPARTITION)
    releve = relever(indicateur)
    poser(releve, indicateur, Mesure(3, cle="educ"), Mesure(4, cle="soin"))
    assert case(releve, indicateur).numerateur == 7
    poser(releve, indicateur, Mesure(5, cle="soin"), Mesure(1, cle="admin"))
    parts = dict(releve.valeurs.exclude(cle="").values_list("cle", "numerateur"))
    assert parts == {"soin": 5, "admin": 1}
    assert case(releve, indicateur).numerateur == 6
    transmettre(releve, par=direction(releve.parcours))
    exiger_totaux_justes()


def test_un_calcul_fautif_est_mis_de_cote_avec_sa_raison() -> None:
    indicateur = calcule(forme=Forme.RAPPORT, denominateur="Personnes", plafonne=True)
    releve = relever(indicateur)
    bilan = poser(releve, indicateur, Mesure(9, 4))
    assert [e.raison[:13] for e in bilan.ecarts] == ["9 dépasse 4, "]
    assert not case(releve, indicateur).est_repondue


def test_non_concerne_par_le_calcul_n_est_pas_zero() -> None:
    indicateur = calcule()
    releve = relever(indicateur)
    poser(releve, indicateur, Mesure(non_concerne=True))
    lu = case(releve, indicateur)
    assert (lu.motif, lu.numerateur, lu.origine) == (Absence.NON_CONCERNE, None, Origine.CALCULE)
    poser(releve, indicateur, Mesure(2))
    assert (case(releve, indicateur).motif, case(releve, indicateur).numerateur) == ("", 2)


def test_autant_de_requetes_pour_un_releve_que_pour_cinquante() -> None:
    indicateurs = [calcule(), calcule(forme=Forme.REPARTITION), IndicateurFactory()]
    releves = [relever(*indicateurs) for _ in range(50)]

    def compter(lot: list[Releve], de_plus: int) -> int:
        mesures = {
            indicateurs[0].pk: {r.parcours_id: [Mesure(n + de_plus)] for n, r in enumerate(lot)},
            indicateurs[1].pk: {r.parcours_id: [Mesure(1 + de_plus, cle=f"p{de_plus}")] for r in lot},
        }
        with CaptureQueriesContext(connection) as captees:
            poser_calcules(releve_cles=[r.pk for r in lot], mesures=mesures, le=timezone.now())
        return len(captees)

    assert compter(releves[:1], 0) == compter(releves[1:], 0)
    assert compter(releves[:1], 1) == compter(releves[1:], 1)
    assert releves[30].valeurs.get(indicateur=indicateurs[0]).numerateur == 30


# --- importer ---------------------------------------------------------------------------------------------------------


def importer(*chiffres: Importe) -> Any:
    return remplacer_importes(chiffres=chiffres, le=timezone.now(), par=None)


def test_un_fichier_remplace_et_les_totaux_suivent() -> None:
    indicateur = IndicateurFactory(forme=Forme.COMPTE, origine=Origine.IMPORTE, denominateur="", plafonne=False)
    releve = relever(indicateur)
    vers = {"parcours": releve.parcours_id, "periode": le_mois_dernier(), "indicateur": indicateur.pk}
    importer(Importe(**vers, mesures=[Mesure(7)]))
    transmettre(releve, par=direction(releve.parcours))
    bilan = importer(Importe(**vers, mesures=[Mesure(9)]))
    assert (bilan.ecrits, bilan.ecarts) == (1, [])
    assert CumulIndicateur.objects.get(maille="national", indicateur=indicateur).numerateur == 9
    exiger_totaux_justes()
    assert importer(Importe(**vers, mesures=[Mesure(9)])).ecrits == 0


def test_ce_qu_un_fichier_ne_peut_pas_ecrire_se_dit_avec_sa_ligne() -> None:
    indicateur = IndicateurFactory(forme=Forme.COMPTE, origine=Origine.IMPORTE, denominateur="", plafonne=False)
    releve = relever(indicateur)
    qui = {"parcours": releve.parcours_id, "indicateur": indicateur.pk, "mesures": [Mesure(7)]}
    cheffe = affecter("chef_projet", releve.grappe)
    for transition, par in (("transmettre", direction(releve.parcours)), ("valider", cheffe), ("verrouiller", cheffe)):
        changer_etat(releve, transition, par=par)
    autre = releve_de(ParcoursFactory())
    bilan = importer(
        Importe(**qui, periode=le_mois_dernier(), ligne=2),
        Importe(**qui, periode=le_mois_dernier().precedente(), ligne=3),
        Importe(**qui, periode=ce_mois().suivante(), ligne=4),
        Importe(autre.parcours_id, le_mois_dernier(), indicateur.pk, [Mesure(1)], 5),
    )
    assert {e.ligne: e.raison for e in bilan.ecarts} == {
        2: controles.VERROUILLE,
        3: SANS_RELEVE.format(le_mois_dernier().precedente().nom),
        4: controles.faute_de_periode(ce_mois().suivante(), timezone.localdate()),
        5: INATTENDU,
    }
    assert bilan.ecrits == 0
