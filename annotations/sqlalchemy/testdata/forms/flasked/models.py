"""Models of Flask-SQLAlchemy, which names tables itself."""
from flasked import db

tags = db.Table(
    'tag_map',
    db.Column('tag_id', db.Integer, db.ForeignKey('tag.id'), primary_key=True),
    db.Column('page_id', db.ForeignKey('wiki_page.id'), primary_key=True))


class Stamped:
    created = db.Column(db.DateTime)


class WikiPage(Stamped, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80), unique=True)
    tags = db.relationship('Tag', secondary=tags)


class HTTPPage(WikiPage):
    """Single-table inheritance: it has no primary key of its own."""
    url = db.Column(db.Text)


class JoinedPage(WikiPage):
    id = db.Column(db.ForeignKey(WikiPage.id), primary_key=True)
    text = db.Column(db.UnicodeText)


class Tag(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class UserABTest2(db.Model):
    key = db.Column(db.LargeBinary(16), primary_key=True)


class Named(db.Model):
    __tablename__ = 'own_name'
    id = db.Column(db.BigInteger, primary_key=True)


class Abstract(db.Model):
    __abstract__ = True
    id = db.Column(db.Integer, primary_key=True)


class Concrete(Abstract):
    pass
