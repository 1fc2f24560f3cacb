-- Nobody has a name of more than 60 characters. In production, somebody has.
ALTER TABLE users MODIFY full_name VARCHAR(60) NOT NULL;
