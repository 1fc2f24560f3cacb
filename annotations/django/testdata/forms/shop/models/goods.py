"""One of every form."""
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CharField as Text
from django.utils.translation import gettext_lazy as _

from shop import fields
from shop.models.base import Mapped, Named, NoModel, Stamped, Tag

LONG = 'a_very_long_name_that_goes_on_and_on_until_it_is_longer_than_names_may_be'


class Good(NoModel, Stamped, Named):
    """What is sold."""
    _price = fields.money(db_column='price')
    code = fields.UpperField(_('code'), max_length=8)
    packed = fields.PackedField(null=True)
    owner = fields.OwnerKey(settings.AUTH_USER_MODEL, models.CASCADE)
    buyer = models.ForeignKey(get_user_model(), models.CASCADE, related_name='+', db_column='bought_by')
    part_of = models.ForeignKey('self', models.CASCADE, null=True)
    related = models.ManyToManyField('self')
    seen = models.ManyToManyField(settings.AUTH_USER_MODEL, db_table='who_saw_what', related_name='+')
    sold = models.ManyToManyField('Shop', through='Sale')
    removed = None
    if True:
        colour = Text(max_length=9)
    else:
        hue = Text(max_length=9)
    objects = models.Manager()
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveIntegerField()
    of = GenericForeignKey('content_type', 'object_id')
    notes = GenericRelation('Note')

    class Meta:
        verbose_name = _('good')
        unique_together = [('code', 'colour')]


class Book(Good):
    """A table of its own, linked to the parent's."""
    isbn = models.CharField(max_length=13)


class Atlas(Book):
    volume = models.OneToOneField(Book, models.CASCADE, parent_link=True, primary_key=True, db_column='volume')


class Cheap(Good):
    class Meta:
        proxy = True


class CheapBook(Cheap):
    rebate = models.FloatField()


class Shop(models.Model):
    number = models.IntegerField(primary_key=True)
    mail = models.EmailField()
    site = models.URLField(max_length=300)
    door = models.GenericIPAddressField()
    photo = models.FileField()

    class Meta:
        db_table = '%s_table' % 'shop'


class Sale(models.Model):
    good = models.ForeignKey(Good, on_delete=models.CASCADE)
    shop = models.ForeignKey(to='store.Shop', on_delete=models.CASCADE)
    by = models.ForeignKey(Tag, models.CASCADE, to_field='word')

    class Meta:
        order_with_respect_to = 'shop'


class Client(models.Model):
    """Known by a natural key, to which relations of every form refer."""
    address = models.EmailField(name='mail', primary_key=True)
    login = models.CharField('login', max_length=30, unique=True)


class Firm(Client):
    tags = models.ManyToManyField(Tag)


class Order(models.Model):
    number = models.SmallAutoField(primary_key=True)
    client = models.ForeignKey(Client, models.CASCADE)
    login = models.OneToOneField(Client, models.CASCADE, 'login', related_name='+')
    again = models.ForeignKey(Client, models.CASCADE, '+', None, None, False, 'login', name='once')
    readers = models.ManyToManyField(Client, related_name='+')
    firms = models.ManyToManyField(Firm, related_name='+', name='companies')


class Receipt(models.Model):
    order = models.OneToOneField(Order, models.CASCADE, primary_key=True)
    signers = models.ManyToManyField(Client)


class Named2(Named):
    class Meta(Named.Meta):
        pass


class Note(Mapped):
    text = models.TextField()


class Long(models.Model):
    class Meta:
        db_table = LONG


class LongerThanAnyNameThatADatabaseWouldTakeWithoutCuttingItSomewhere(models.Model):
    extra = models.JSONField()
    many_words_for_a_field = models.ManyToManyField(Tag)


Shop.add_to_class('late', models.DateField(null=True))
models.TimeField(null=True).contribute_to_class(Shop, 'later')


class Unmanaged(models.Model):
    class Meta:
        managed = False
