package sqlalchemy

// library gives what is known of the mixins and bases that OpenStack's projects take from libraries: their columns, so
// that a model's columns are known without the libraries being installed.
func library() []File {
	return []File{
		{Path: "oslo_db/sqlalchemy/models.py", Source: []byte(`
class ModelBase(object):
    pass

class TimestampMixin(object):
    created_at = Column(DateTime)
    updated_at = Column(DateTime)

class SoftDeleteMixin(object):
    deleted_at = Column(DateTime)
    deleted = Column(Integer)
`)},
		{Path: "neutron_lib/db/model_base.py", Source: []byte(`
class HasProject(object):
    project_id = Column(String(255))

class HasProjectNoIndex(HasProject):
    pass

class HasProjectPrimaryKeyIndex(HasProject):
    project_id = Column(String(255), primary_key=True)

class HasProjectPrimaryKey(HasProject):
    project_id = Column(String(255), primary_key=True)

class HasId(object):
    id = Column(String(36), primary_key=True)

class HasStatusDescription(object):
    status = Column(String(16))
    status_description = Column(String(255))

class NeutronBaseV2(object):
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower() + 's'

BASEV2 = declarative_base(cls=NeutronBaseV2)
`)},
	}
}
