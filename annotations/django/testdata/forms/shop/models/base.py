"""Bases and mixins."""
from django.db import models


class Stamped(models.Model):
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    removed = models.BooleanField(default=False)

    class Meta:
        abstract = True
        ordering = ['created']


class Named(models.Model):
    name = models.CharField('what it is called', max_length=40 + 2, help_text='as typed')
    tags = models.ManyToManyField('Tag')

    class Meta:
        abstract = True
        db_table = 'named_things'


class Tag(models.Model):
    """A word."""
    word = models.SlugField(unique=True)


class NoModel:
    lost = models.IntegerField()
    changed = None


class Mapped(models.Model):
    key = models.UUIDField(primary_key=True)

    class Meta:
        abstract = True
        app_label = 'elsewhere'
