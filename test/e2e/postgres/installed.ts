/** To be imported first: these tests need a real server, from Debian's packages. */
import { postgresBinaries } from '../../support/postgres';
import { debianPackages } from '../support/debian';

if (!postgresBinaries()) debianPackages('/usr/lib/postgresql', 'postgresql');
