"""Models of the demo's cloud database, with their confidential columns marked.

Every column is treated, or public: by a mark of its own, by '*', or because it is a key without a meaning outside the
database. A column with a foreign key to a treated one is treated like it. fuzzy reads this file and never runs it.
"""
from sqlalchemy import Column, Date, DateTime, Enum, ForeignKey, Integer, String, Text
from sqlalchemy.dialects.mysql import MEDIUMTEXT, TINYINT
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Project(Base):
    __tablename__ = 'projects'
    __confidential__ = {
        # Other services know projects by the same ids: with one key, all dumps get the same pseudonyms.
        'id': {'kind': 'hexstring', 'domain': 'keystone.project'},
        'name': 'string',
        'domain_id': 'public',   # 'default' everywhere: said by name, or 'fuzzy annotate --check' would ask
        'description': 'text',
        'extra': 'json',
        '*': 'public',
    }

    id = Column(String(64), primary_key=True)
    name = Column(String(64), nullable=False)
    domain_id = Column(String(64), nullable=False)
    description = Column(Text)
    enabled = Column(TINYINT(1))
    extra = Column(Text)


class User(Base):
    __tablename__ = 'users'
    __confidential__ = {
        'id': {'kind': 'hexstring', 'domain': 'keystone.user'},
        'name': 'username',
        'email': 'email',
        'full_name': 'name',
        'phone': 'phone',
        'password_hash': 'secret',
        'extra': 'json',
        '*': 'public',
    }

    id = Column(String(64), primary_key=True)
    name = Column(String(255), nullable=False)
    email = Column(String(255))
    full_name = Column(String(120), nullable=False)
    phone = Column(String(32))
    password_hash = Column(String(128), nullable=False)
    default_project_id = Column(String(64), ForeignKey('projects.id', ondelete='SET NULL'))
    enabled = Column(TINYINT(1), nullable=False)
    created_at = Column(DateTime, nullable=False)
    last_active_at = Column(Date)
    extra = Column(Text)


class KeyPair(Base):
    __tablename__ = 'key_pairs'

    id = Column(Integer, primary_key=True)
    user_id = Column(String(64), ForeignKey('users.id'), nullable=False)
    name = Column(String(255), nullable=False, info={'confidential': 'key_name'})
    fingerprint = Column(String(255), info={'confidential': 'string'})
    public_key = Column(MEDIUMTEXT, info={'confidential': 'ssh_key'})


class Instance(Base):
    __tablename__ = 'instances'
    __confidential__ = {
        'uuid': 'uuid',
        'hostname': 'hostname',
        'display_name': 'string',
        'display_description': 'text',
        'host': 'hostname',
        'image_ref': 'uuid',
        'access_ip_v4': 'ip_address_v4',
        'access_ip_v6': 'ip_address_v6',
        'user_data': 'secret',
        '*': 'public',
    }

    id = Column(Integer, primary_key=True)
    uuid = Column(String(36), nullable=False, unique=True)
    project_id = Column(String(64), ForeignKey('projects.id'), nullable=False)
    user_id = Column(String(64), ForeignKey('users.id'), nullable=False)
    hostname = Column(String(255))
    display_name = Column(String(255))
    display_description = Column(String(255))
    host = Column(String(255))
    vm_state = Column(Enum('active', 'stopped', 'error', 'deleted'), nullable=False)
    image_ref = Column(String(255))
    access_ip_v4 = Column(String(39))
    access_ip_v6 = Column(String(39))
    user_data = Column(MEDIUMTEXT)
    memory_mb = Column(Integer, nullable=False)
    vcpus = Column(Integer, nullable=False)
    created_at = Column(DateTime, nullable=False)
    launched_at = Column(DateTime)
    deleted = Column(Integer, nullable=False)


class InstanceMetadata(Base):
    __tablename__ = 'instance_metadata'
    __confidential__ = {'value': 'string', '*': 'public'}

    id = Column(Integer, primary_key=True)
    instance_uuid = Column(String(36), ForeignKey('instances.uuid'), nullable=False)
    key = Column(String(255))
    value = Column(String(255))


class Network(Base):
    __tablename__ = 'networks'
    __confidential__ = {'id': 'uuid', 'name': 'string', 'documentation': 'url', '*': 'public'}

    id = Column(String(36), primary_key=True)
    name = Column(String(255))
    project_id = Column(String(64), ForeignKey('projects.id'), nullable=False)
    mtu = Column(Integer, nullable=False)
    documentation = Column(String(255))


class Port(Base):
    __tablename__ = 'ports'
    __confidential__ = {
        'id': 'uuid',
        'project_id': {'kind': 'hexstring', 'domain': 'keystone.project'},
        'mac_address': 'mac',
        'ip_address': 'ip_address',
        'device_id': 'uuid',
        'dns_name': 'hostname',
    }

    id = Column(String(36), primary_key=True)
    network_id = Column(String(36), ForeignKey('networks.id'), nullable=False)
    project_id = Column(String(64), nullable=False)
    mac_address = Column(String(32), nullable=False)
    ip_address = Column(String(39))
    device_id = Column(String(255), nullable=False)
    dns_name = Column(String(255))


class Volume(Base):
    __tablename__ = 'volumes'
    __confidential__ = {
        'id': 'uuid',
        'display_name': 'string',
        'project_id': {'kind': 'hexstring', 'domain': 'keystone.project'},
        'user_id': {'kind': 'hexstring', 'domain': 'keystone.user'},
        '*': 'public',
    }

    id = Column(String(36), primary_key=True)
    display_name = Column(String(255))
    project_id = Column(String(64), nullable=False)
    user_id = Column(String(64), nullable=False)
    size = Column(Integer, nullable=False)
    status = Column(String(32), nullable=False)
    instance_uuid = Column(String(36), ForeignKey('instances.uuid'))
    created_at = Column(DateTime, nullable=False)


class Quota(Base):
    __tablename__ = 'quotas'
    __confidential__ = {'*': 'public'}

    id = Column(Integer, primary_key=True)
    project_id = Column(String(64), ForeignKey('projects.id'), nullable=False)
    resource = Column(String(64), nullable=False)
    hard_limit = Column(Integer)
