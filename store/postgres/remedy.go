package postgres

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// outOfMemory is how PostgreSQL says that a statement didn't get what memory it needs: mostly that there is no room
// for its locks.
const outOfMemory = "53200"

// remedy says what is the matter with a database, and what to do.
func remedy(err error) string {
	if said := ofCertificate(err); said != "" {
		return said
	}
	switch code := state(err); {
	case code == "53300":
		return "has no connection left: raise max_connections there, or lower store.connections of each replica"
	case code == outOfMemory:
		return ofMemory(err)
	case code == "25006":
		return "takes no writes, as a standby does: have store.dsn lead to the primary (target_session_attrs=read-write finds it), or let this one take writes"
	case code == "3D000":
		return "isn't there: make it (CREATE DATABASE latchkey OWNER latchkey), or correct its name in store.dsn"
	case strings.HasPrefix(code, "28"):
		return "doesn't let Latchkey in: see whether user and password of store.dsn are right, and whether that user may sign in"
	}
	return "can't be worked with: see that it runs and can be reached"
}

// ofCertificate says why nobody is sure that it is the database who answers; "" if that isn't it.
func ofCertificate(err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
	case errors.As(err, &unknown):
		return "has a certificate that isn't trusted here: name the file with that of its authority as sslrootcert=… in store.dsn"
	case errors.As(err, &name):
		return "has a certificate for other names: have store.dsn name it as the certificate does"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "has a certificate whose time is over, or not yet begun: renew it there, and see that the clock of this machine is right"
	case errors.As(err, &invalid):
		return "has a certificate that can't be used: have another one made for it"
	case strings.Contains(err.Error(), "server refused TLS connection"):
		return "offers no TLS, as sslmode in store.dsn asks for: turn it on there (ssl = on, with a certificate)"
	}
	return ""
}

// ofMemory says which room is used up. What PostgreSQL hints at names the setting in every language.
func ofMemory(err error) string {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		for _, setting := range []string{"max_pred_locks_per_transaction", "max_locks_per_transaction"} {
			if strings.Contains(said.Hint, setting) {
				return fmt.Sprintf("has no room left for locks: double %s there, and restart it", setting)
			}
		}
	}
	return "has no memory left: give it more, or have it keep less (work_mem, shared_buffers)"
}

// scarce tells an error that is this statement's, which didn't get the memory it needs. Others may, so the session
// goes on.
func scarce(err error) bool { return state(err) == outOfMemory }
