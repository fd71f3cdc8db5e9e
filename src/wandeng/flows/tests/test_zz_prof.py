import cProfile,pstats,pytest
from wandeng.flows.tests import test_online_sequences as t, online_world as world
@pytest.mark.django_db
def test_p():
    world.county()
    p=cProfile.Profile(); p.enable(); t.play(200,1,t.told_to_the_product); p.disable()
    from wandeng.domains.payments.models.online import ProviderMessage
    print("messages",ProviderMessage.objects.count())
    pstats.Stats(p).sort_stats("cumtime").print_stats(45)
