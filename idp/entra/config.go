package entra

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"latchkey/clock"
	"latchkey/config/value"
)

// Settings are what config.yaml says about a tenant.
type Settings struct {
	Tenant          string       // its id, or a domain of it
	ClientID        string       // the application that Latchkey is
	ClientSecret    value.Secret // what it signs in with; or
	Certificate     value.Secret // a certificate and its key, PEM; or
	ManagedIdentity bool         // what the platform it runs on vouches for
	Cloud           string       // "public" if empty
	APIURL          string       // where both of the vendor's hosts are, for a sandbox; empty: where they are
	HoldAttribute   string       // the attribute that tells accounts on hold from those that have left
	HoldValue       string       // what it has then
	ProbeGroup      string       // the name of a group by which it is proved that members can be changed; "": none
	SignInClient    string       // the app registration by which people sign in for what they do here; "": nobody can
}

// Decode reads a tenant's entry under idp.
func Decode(n value.Node) Settings {
	o := n.Object("tenant", "client_id", "client_secret", "certificate", "managed_identity", "cloud", "api_url", "hold_attribute", "hold_value", "probe_group", "sign_in_client")
	s := Settings{
		Cloud: o.Get("cloud").TextOr(""), HoldAttribute: o.Get("hold_attribute").TextOr(""), HoldValue: o.Get("hold_value").TextOr(""),
		ProbeGroup: o.Get("probe_group").TextOr(""), ManagedIdentity: o.Get("managed_identity").Bool(),
		SignInClient: o.Get("sign_in_client").TextOr(""),
	}
	s.Tenant, _ = o.Get("tenant").Needed("write the tenant's id, which stands in the Entra admin center under Overview")
	s.decodeClient(o)
	if o.Get("api_url").Present() {
		s.APIURL = o.Get("api_url").URL("http://127.0.0.1:8080")
	}
	if _, known := clouds()[cmp.Or(s.Cloud, publicCloud)]; !known {
		o.Get("cloud").Fault("there is no cloud %q: %s", s.Cloud, o.Get("cloud").DidYouMean(s.Cloud, cloudNames()))
	}
	if s.HoldAttribute != "" && !slices.Contains(holdAttributes(), s.HoldAttribute) {
		o.Get("hold_attribute").Fault("%q is no attribute that can tell who is on hold: %s", s.HoldAttribute, o.Get("hold_attribute").DidYouMean(s.HoldAttribute, holdAttributes()))
	}
	if (s.HoldAttribute == "") != (s.HoldValue == "") {
		o.Fault("%s tells by half which accounts are on hold: hold_attribute and hold_value go together", o.Path())
	}
	return s
}

// decodeClient reads how Latchkey signs in: in one of three ways.
func (s *Settings) decodeClient(o value.Object) {
	secret, certificate, client := o.Get("client_secret"), o.Get("certificate"), o.Get("client_id")
	s.ClientID = client.TextOr("")
	ways := 0
	for _, way := range []bool{secret.Present(), certificate.Present(), s.ManagedIdentity} {
		if way {
			ways++
		}
	}
	switch {
	case ways == 0:
		o.Fault("%s has no way to sign in: add client_secret: ${ENTRA_CLIENT_SECRET}, or certificate: ${file:/run/secrets/entra.pem}", o.Path())
	case ways > 1:
		o.Fault("%s has several ways to sign in: keep one of client_secret, certificate and managed_identity", o.Path())
	case !s.ManagedIdentity && !client.Present():
		o.Fault("%s doesn't say as which application Latchkey signs in: add client_id, which the Entra admin center shows under App registrations", o.Path())
	}
	if secret.Present() {
		s.ClientSecret = secret.Secret("make a client secret in the Entra admin center under App registrations > Certificates & secrets, and set its value")
	}
	if certificate.Present() {
		s.Certificate = certificate.Secret("save the certificate and its key (PEM) there")
	}
}

// SignsIn tells whether people can sign in to the tenant for what they do here.
func (s Settings) SignsIn() bool { return s.SignInClient != "" }

// StatesHow tells whether the tenant states how surely, or by what, somebody has signed in: its tokens (of version 2.0) have
// neither acr nor amr.
func (Settings) StatesHow() bool { return false }

// EndsSessions tells that people's sessions can be ended: whether the permission for it is there is seen by check.
func (Settings) EndsSessions() bool { return true }

// Config says which tenant and how to sign in: with Secret, Certificate or ManagedIdentity.
type Config struct {
	ID       string // the directory's id in the configuration; "entra" if empty
	Tenant   string // the tenant's id, or a domain of it
	ClientID string // the application's; of a managed identity: which one, if there are several

	Secret          func() string // the application's secret as it is now
	Certificate     string        // a certificate with its key, PEM
	ManagedIdentity bool

	Cloud  string // "public", "us" or "china"
	APIURL string // both of the vendor's hosts are there; "": they are where they are

	HoldAttribute string // a disabled account in which this attribute
	HoldValue     string // has this value is on hold; any other has left

	ProbeGroup string // the name of a group by which it is proved that members can be changed; "": none

	SignInClient string // the app registration by which people sign in; "": nobody can

	InFlight  int               // calls under way at a time; 8 if zero
	Among     func() int        // how many replicas share the limits; nil: there is no other
	Clock     clock.Clock       // the machine's if nil
	Logger    *slog.Logger      // silent if nil
	Transport http.RoundTripper // below rate and time limits; a transport of its own if nil
}

const publicCloud = "public"

// hosts are where a cloud of Microsoft's signs in and answers.
type hosts struct{ login, graph string }

// clouds are those that Microsoft runs (learn.microsoft.com, "National cloud deployments").
func clouds() map[string]hosts {
	return map[string]hosts{
		publicCloud: {"https://login.microsoftonline.com", "https://graph.microsoft.com"},
		"us":        {"https://login.microsoftonline.us", "https://graph.microsoft.us"},
		"china":     {"https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"},
	}
}

func cloudNames() []string { return []string{publicCloud, "us", "china"} }

// holdAttributes are those by which organisations mark accounts that are on hold.
func holdAttributes() []string {
	names := []string{"employeeType", "companyName", "department", "jobTitle"}
	for i := range 15 {
		names = append(names, fmt.Sprintf("extensionAttribute%d", i+1))
	}
	return names
}

func complete(cfg Config) (Config, error) {
	cfg.ID, cfg.Cloud = cmp.Or(cfg.ID, "entra"), cmp.Or(cfg.Cloud, publicCloud)
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	var errs []error
	if _, known := clouds()[cfg.Cloud]; !known {
		errs = append(errs, fmt.Errorf("there is no cloud %q: write one of %s", cfg.Cloud, strings.Join(cloudNames(), ", ")))
	}
	if cfg.Tenant == "" || strings.ContainsAny(cfg.Tenant, "/?#% ") {
		errs = append(errs, fmt.Errorf("%q is neither a tenant's id nor a domain: copy it from the Entra admin center under Overview", cfg.Tenant))
	}
	return cfg, errors.Join(append(errs, credentials(cfg), apiURL(cfg.APIURL))...)
}

func credentials(cfg Config) error {
	switch {
	case cfg.ManagedIdentity && (cfg.Secret != nil || cfg.Certificate != "") || cfg.Secret != nil && cfg.Certificate != "":
		return errors.New("there are several ways to sign in: keep one of a secret, a certificate and a managed identity")
	case !cfg.ManagedIdentity && cfg.Secret == nil && cfg.Certificate == "":
		return errors.New("there are no credentials: give client_secret or certificate")
	case !cfg.ManagedIdentity && cfg.ClientID == "":
		return errors.New("an application needs a client_id: give the one that the Entra admin center shows under App registrations")
	}
	return nil
}

// apiURL refuses to send a secret in the clear to another machine.
func apiURL(given string) error {
	u, err := url.Parse(given)
	switch {
	case given == "":
		return nil
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%q is no address of a sandbox: write it as http://127.0.0.1:8080, or leave api_url out", value.ShownURL(given))
	case u.Scheme == "http" && !slices.Contains([]string{"127.0.0.1", "localhost", "::1"}, u.Hostname()):
		return fmt.Errorf("%q would have the application's secret go over the network in the clear: use https", value.ShownURL(given))
	}
	return nil
}
