"""La liste, le détail selon le lecteur, planifier et corriger."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from formation.models import SessionFormation
from programme.enums import Role
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, affecter, cheffe_de, directrice_de
from tests.formation.fabriques import (
    FormateurFactory,
    InscriptionFactory,
    MetierFactory,
    ModuleFormationFactory,
    SessionFormationFactory,
    equipe,
    il_y_a,
)
from tests.formation.sessions.aides import deux_esms, lu, ouverte, tenir, tenue

pytestmark = pytest.mark.django_db
LISTE = "formation:sessionformation-liste"
# À une session de grappe : la directrice n'organise pas, la cheffe ne lit pas les noms.


def _saisie(**champs: Any) -> dict[str, Any]:
    neuve = {"date": f"{il_y_a(-20):%Y-%m-%d}", "de": "09:00", "a": "12:00", "capacite": "8", "lieu": "Salle 2"}
    return neuve | champs


def _detail(session: SessionFormation) -> str:
    return reverse("formation:sessionformation-detail", args=[session.pk])


def test_planifier_pour_la_grappe_puis_pour_un_esms() -> None:
    module = ModuleFormationFactory()
    parcours, cheffe = ParcoursFactory(grappe=module.grappe), cheffe_de(module.grappe)
    formateur = FormateurFactory(grappe=module.grappe)
    url = reverse("formation:sessionformation-creer", args=[module.grappe_id])
    page = lu(connecte(cheffe).post(url, _saisie(module=module.pk, formateur=formateur.pk), follow=True))
    session = SessionFormation.objects.get()
    assert session.parcours is None and session.formateur == formateur and "est planifiée" in page
    assert timezone.localtime(session.debut).hour == 9 and session.duree_heures == 3
    url = reverse("formation:parcours-session-creer", args=[parcours.pk])
    connecte(directrice_de(parcours)).post(url, _saisie(module=module.pk))
    assert SessionFormation.objects.latest("pk").parcours == parcours


@pytest.mark.parametrize(
    ("champs", "motif"),
    [
        ({"a": "08:00"}, "finit avant de commencer"),
        ({"capacite": "0"}, "au moins une place"),
        ({"date": "1998-01-05"}, "trop ancienne"),
        ({"module": "999999"}, "pas au plan de la grappe"),
        ({"de": ""}, "Donnez l'heure"),
        ({"note": "1 85 05 78 006 084 91"}, "NIR"),
    ],
)
def test_une_mauvaise_saisie_se_dit_et_n_ecrit_rien(champs: dict[str, str], motif: str) -> None:
    module = ModuleFormationFactory()
    url = reverse("formation:sessionformation-creer", args=[module.grappe_id])
    reponse = connecte(cheffe_de(module.grappe)).post(url, _saisie(**{"module": module.pk} | champs))
    assert reponse.status_code == 422 and motif in lu(reponse) and not SessionFormation.objects.exists()


def test_un_module_ou_un_formateur_d_ailleurs_se_refuse() -> None:
    module, ailleurs = ModuleFormationFactory(), ModuleFormationFactory()
    url = reverse("formation:sessionformation-creer", args=[module.grappe_id])
    client = connecte(cheffe_de(module.grappe))
    for champs in ({"module": ailleurs.pk}, {"module": module.pk, "formateur": FormateurFactory().pk}):
        assert client.post(url, _saisie(**champs)).status_code == 422
    assert not SessionFormation.objects.exists()


def test_corriger_montre_ce_qu_on_a_dit_et_deux_se_croisent() -> None:
    session = ouverte(capacite=8)
    url = reverse("formation:sessionformation-modifier", args=[session.pk])
    client = connecte(cheffe_de(session.grappe))
    page = lu(client.get(url))
    vu = page.split('name="vu" value="')[1].split('"')[0]
    assert f'value="{session.jour:%Y-%m-%d}"' in page
    champs = {"module": session.module_id, "date": f"{session.jour:%Y-%m-%d}", "vu": vu}
    assert client.post(url, _saisie(**champs, lieu="Salle 3")).status_code == 302
    croisee = client.post(url, _saisie(**champs, lieu="Salle 4"))
    assert croisee.status_code == 409 and "lieu" in lu(croisee)
    passee = tenue()
    autre = reverse("formation:sessionformation-modifier", args=[passee.pk])
    assert "ne changent plus" in lu(connecte(cheffe_de(passee.grappe)).get(autre, follow=True))


# --- la liste ------------------------------------------------------------------------------------------------------


def test_la_liste_montre_a_venir_d_abord_et_se_filtre() -> None:
    module = ModuleFormationFactory()
    maintenant = timezone.now()
    jours = {
        ecart: SessionFormationFactory(module=module, debut=maintenant + timedelta(days=ecart))
        for ecart in (40, 3, -30, -2)
    }
    parcours = ParcoursFactory(grappe=module.grappe)
    de_l_esms = SessionFormationFactory(module=module, parcours=parcours, debut=maintenant + timedelta(days=80))
    d_un_autre = SessionFormationFactory(
        module=module, parcours=ParcoursFactory(grappe=module.grappe), debut=maintenant + timedelta(days=90), capacite=1
    )
    InscriptionFactory(session=d_un_autre)
    client, url = connecte(cheffe_de(module.grappe)), reverse(LISTE)

    def lues(**criteres: Any) -> list[int]:
        reponse = client.get(url, criteres)
        return [o.pk for o in reponse.context["liste"].table.data]

    attendu = [jours[3], jours[40], de_l_esms, d_un_autre, jours[-2], jours[-30]]
    assert lues() == [s.pk for s in attendu]
    assert lues(quand="passees") == [jours[-2].pk, jours[-30].pk]
    assert lues(mois=f"{de_l_esms.jour:%Y-%m}")[0] == de_l_esms.pk
    assert set(lues(parcours=parcours.pk)) == {s.pk for s in attendu} - {d_un_autre.pk}
    assert d_un_autre.pk not in lues(places="libres")
    export = b"".join(client.get(url, {"format": "csv"})).decode()
    assert export.splitlines()[0].startswith("\ufeffSession;Module;Pour") and "toute la grappe" in export
    assert lues(module=ModuleFormationFactory().pk) == []


def test_le_voisin_ne_voit_que_celles_de_la_grappe_et_le_financeur_aucune() -> None:
    module = ModuleFormationFactory()
    de_grappe = SessionFormationFactory(module=module)
    parcours = ParcoursFactory(grappe=module.grappe)
    SessionFormationFactory(module=module, parcours=parcours)
    voisine = directrice_de(ParcoursFactory(grappe=module.grappe))
    changer_etat(module.grappe, "deposer", par=cheffe_de(module.grappe))
    vues = connecte(voisine).get(reverse(LISTE)).context["liste"].table.data
    assert [s.pk for s in vues] == [de_grappe.pk]
    financeur = affecter(Role.ARS, module.grappe.region)
    assert not list(connecte(financeur).get(reverse(LISTE)).context["liste"].table.data)
    assert connecte(financeur).get(_detail(de_grappe)).status_code == 404


# --- le détail, pour chacun selon son droit ------------------------------------------------------------------------


def test_chacun_lit_les_noms_des_siens_et_des_nombres_ailleurs() -> None:
    session, parcours, autre = deux_esms()
    SessionFormation.objects.filter(pk=session.pk).update(capacite=20)
    siens = [InscriptionFactory(session=session, poste=p) for p in equipe(parcours, 6)]
    autres = [
        InscriptionFactory(session=session, poste=p)
        for p in [*equipe(autre, 2), *equipe(autre, 1, metier=MetierFactory(code="cuisinier"))]
    ]
    directrice = lu(connecte(directrice_de(parcours)).get(_detail(session)))
    assert all(i.professionnel.nom in directrice for i in siens)
    assert "3 personnes viennent d’autres ESMS" in directrice and autre.esms.nom not in directrice
    cheffe = lu(connecte(cheffe_de(session.grappe)).get(_detail(session)))
    assert "9 inscrits pour 20 places" in cheffe and parcours.esms.nom in cheffe and autre.esms.nom in cheffe
    assert "3 inscrits" in cheffe, "il faut des chaises"
    assert "educateur specialise : 6" in cheffe and "cuisinier" not in cheffe.lower()
    membre = lu(connecte(affecter(Role.MEMBRE, session.grappe)).get(_detail(session)))
    assert "9 personnes viennent d’autres ESMS" in membre and "n° " not in membre
    for page in (cheffe, membre):
        assert not [i for i in [*siens, *autres] if i.professionnel.nom in page or i.professionnel.matricule in page]
    admin = lu(connecte(affecter(Role.ADMIN)).get(_detail(session)))
    assert not [i for i in [*siens, *autres] if i.professionnel.nom in admin]


def test_a_une_session_de_grappe_un_esms_inscrit_sans_organiser() -> None:
    session, parcours, _ = deux_esms()
    client = connecte(directrice_de(parcours))
    page = lu(client.get(_detail(session)))
    assert "le chef de projet l’ouvre" in page and "Ce geste revient" not in page
    refus = client.get(reverse("formation:sessionformation-modifier", args=[session.pk]))
    assert refus.status_code == 403 and "un ESMS planifie les siennes" in lu(refus)
    neuve = reverse("formation:parcours-session-creer", args=[parcours.pk])
    assert neuve in lu(client.get(reverse(LISTE))) and client.get(neuve).status_code == 200


def test_le_detail_dit_le_geste_suivant() -> None:
    session, parcours, _ = deux_esms()
    cheffe, directrice = connecte(cheffe_de(session.grappe)), connecte(directrice_de(parcours))
    assert session.code_presence in lu(cheffe.get(_detail(session)))
    assert "Personne n’est encore inscrit" in lu(directrice.get(_detail(session)))
    membre = lu(connecte(affecter(Role.MEMBRE, session.grappe)).get(_detail(session)))
    assert session.code_presence not in membre, "le code ne se lit que par qui pointe"
    une = InscriptionFactory(session=session, poste=equipe(parcours, 1)[0])
    assert "1 personne à convoquer" in lu(cheffe.get(_detail(session)))
    tenir(session)
    assert "Pointer les présences" in lu(directrice.get(_detail(session)))
    une.pointage = "present"
    une.save()
    page = lu(directrice.get(_detail(session)))
    assert "Attestation" in page and "Revoir les présences" in page
