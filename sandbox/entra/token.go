package entra

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// accessToken is a token that was issued.
type accessToken struct {
	permissions []string
	expires     time.Time
	ended       bool // by administrators, so it is nothing its holder did wrong
}

const (
	tokenLife     = time.Hour
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	graphScope    = graphHost + "/.default"
)

// serveInstance answers which hosts are this cloud's sign-in service.
func (s *Server) serveInstance(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, ok(map[string]any{
		"tenant_discovery_endpoint": loginHost + "/" + s.settings().Tenant + "/v2.0/.well-known/openid-configuration", "api-version": "1.1",
		"metadata": []any{map[string]any{
			"preferred_network": "login.microsoftonline.com", "preferred_cache": "login.windows.net", "aliases": []string{"login.microsoftonline.com", "login.windows.net"},
		}},
	}))
}

// serveDiscovery tells where the tenant's endpoints are.
func (s *Server) serveDiscovery(w http.ResponseWriter, r *http.Request) {
	if !s.isTenant(r.PathValue("tenant")) {
		s.write(w, r, noTenant(r.PathValue("tenant")))
		return
	}
	base := loginHost + "/" + s.settings().Tenant
	s.write(w, r, ok(map[string]any{
		"issuer": base + "/v2.0", "token_endpoint": base + "/oauth2/v2.0/token", "authorization_endpoint": base + "/oauth2/v2.0/authorize",
		"device_authorization_endpoint": base + "/oauth2/v2.0/devicecode", "jwks_uri": base + "/discovery/v2.0/keys",
	}))
}

func (s *Server) isTenant(name string) bool {
	cfg := s.settings()
	return strings.EqualFold(name, cfg.Tenant) || strings.EqualFold(name, cfg.Domain)
}

// serveToken gives tokens: to the application by itself, or for somebody who has signed in. Tokens live by the wall clock, like those who sign assertions.
func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	if f := s.takeFault(r); f != nil && (!s.delay(f, r) || s.answerFault(f, w, r)) {
		return
	}
	if err := r.ParseForm(); err != nil {
		s.write(w, r, s.oauthError(http.StatusBadRequest, "invalid_request", 900144, "The request body must contain the parameters."))
		return
	}
	s.write(w, r, s.token(r.PathValue("tenant"), r.PostForm))
}

func (s *Server) token(tenant string, form url.Values) reply {
	cfg := s.settings()
	switch {
	case !s.isTenant(tenant):
		return noTenant(tenant)
	case form.Get("grant_type") == deviceGrant:
		return s.byDevice(form)
	case form.Get("grant_type") == "authorization_code":
		return s.byCode(form)
	case form.Get("grant_type") != "client_credentials":
		return s.oauthError(http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type '"+form.Get("grant_type")+"'.")
	case form.Get("client_id") != cfg.Client:
		return s.oauthError(http.StatusBadRequest, "unauthorized_client", 700016, "Application with identifier '"+form.Get("client_id")+"' was not found in the directory.")
	}
	if refused := s.scope(form.Get("scope")); refused != nil {
		return *refused
	}
	if form.Get("client_assertion_type") == assertionType {
		if err := verify(form.Get("client_assertion"), cfg, time.Now()); err != nil {
			return s.oauthError(http.StatusUnauthorized, "invalid_client", 700027, "The certificate with identifier used to sign the client assertion is not registered on application. "+err.Error())
		}
	} else if form.Get("client_secret") != cfg.Secret {
		return s.oauthError(http.StatusUnauthorized, "invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.")
	}
	return s.issue(cfg)
}

// scope refuses what is not the whole of Graph: an application can ask for no less.
func (s *Server) scope(scope string) *reply {
	var refused reply
	for _, one := range strings.Fields(scope) {
		resource, whole := strings.CutSuffix(one, "/.default")
		switch {
		case one == graphScope:
			return nil
		case whole:
			refused = s.oauthError(http.StatusBadRequest, "invalid_resource", 500011, "The resource principal named "+resource+" was not found in the tenant.")
			return &refused
		}
	}
	refused = s.oauthError(http.StatusBadRequest, "invalid_scope", 1002012, "The provided value for scope "+scope+" is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.")
	return &refused
}

// issue makes a token. It reads as one of Entra's does, and nobody but the tenant can tell that it is good.
func (s *Server) issue(cfg Config) reply {
	expires := time.Now().Add(tokenLife)
	claims := map[string]any{
		"aud": graphHost, "iss": "https://sts.windows.net/" + cfg.Tenant + "/", "tid": cfg.Tenant, "appid": cfg.Client, "idtyp": "app", "exp": expires.Unix(),
		"uti": s.gate.requestID(),
	}
	if len(cfg.Permissions) > 0 {
		claims["roles"] = cfg.Permissions
	}
	token := encodePart(map[string]string{"typ": "JWT", "alg": "RS256"}) + "." + encodePart(claims) + ".c2FuZGJveA"
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[token] = accessToken{permissions: cfg.Permissions, expires: expires}
	return ok(map[string]any{"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": token})
}

func encodePart(v any) string {
	raw, _ := json.Marshal(v) // of strings and numbers
	return base64.RawURLEncoding.EncodeToString(raw)
}

// verify checks an assertion that was signed with the certificate's key.
func verify(assertion string, cfg Config, now time.Time) error {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 || cfg.Certificate == nil {
		return errors.New("the application has no such certificate")
	}
	var head struct {
		Alg  string
		X5t  string `json:"x5t"`
		S256 string `json:"x5t#S256"`
	}
	var claims struct {
		Iss, Sub, Aud string
		Exp           int64
	}
	if err := errors.Join(decodePart(parts[0], &head), decodePart(parts[1], &claims)); err != nil {
		return err
	}
	thumb := sha256.Sum256(cfg.Certificate.Raw)
	if head.S256 != base64.RawURLEncoding.EncodeToString(thumb[:]) && head.S256 != base64.StdEncoding.EncodeToString(thumb[:]) {
		return errors.New("the key was not found by its thumbprint")
	}
	expires := time.Unix(claims.Exp, 0)
	if claims.Iss != cfg.Client || claims.Sub != cfg.Client || !strings.HasSuffix(claims.Aud, "/oauth2/v2.0/token") || !expires.After(now) {
		return errors.New("the assertion is not for this, or no longer")
	}
	return verifySignature(head.Alg, parts, cfg.Certificate)
}

func verifySignature(alg string, parts []string, certificate *x509.Certificate) error {
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	key, isRSA := certificate.PublicKey.(*rsa.PublicKey)
	if err != nil || !isRSA {
		return errors.New("the signature can't be read")
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	switch alg {
	case "PS256":
		err = rsa.VerifyPSS(key, crypto.SHA256, sum[:], signature, nil)
	case "RS256":
		err = rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature)
	default:
		err = fmt.Errorf("the algorithm %s is not supported", alg)
	}
	return err
}

func decodePart(part string, v any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return fmt.Errorf("the assertion is not base64: %w", err)
	}
	return json.Unmarshal(raw, v)
}

func noTenant(name string) reply {
	return reply{status: http.StatusBadRequest, body: oauthBody("invalid_request", 90002, "Tenant '"+name+"' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.")}
}

func (s *Server) oauthError(status int, kind string, code int, description string) reply {
	return reply{status: status, body: oauthBody(kind, code, description)}
}

func oauthBody(kind string, code int, description string) map[string]any {
	return map[string]any{
		"error": kind, "error_description": fmt.Sprintf("AADSTS%d: %s Trace ID: 0 Correlation ID: 0 Timestamp: 2026-01-01 00:00:00Z", code, description),
		"error_codes": []int{code}, "timestamp": "2026-01-01 00:00:00Z", "trace_id": "0", "correlation_id": "0",
		"error_uri": fmt.Sprintf("%s/error?code=%d", loginHost, code),
	}
}

// authorize checks the token of a call of Graph.
func (s *Server) authorize(r *http.Request) (accessToken, *reply) {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	s.mu.Lock()
	t, known := s.tokens[token]
	s.mu.Unlock()
	refused := badToken()
	switch {
	case kind != "Bearer" || !known || !time.Now().Before(t.expires) || t.ended:
		refused.injected = t.ended
		return t, &refused
	case len(t.permissions) == 0: // nobody has consented to the application, so the tenant doesn't know it
		refused = problem(http.StatusUnauthorized, "Authorization_IdentityNotFound", "The identity of the calling application could not be established.")
		refused.injected = true
		return t, &refused
	}
	return t, nil
}

func badToken() reply {
	r := problem(http.StatusUnauthorized, "InvalidAuthenticationToken", "IDX14100: JWT is not well formed, there are no dots (.).")
	r.header = map[string]string{"WWW-Authenticate": `Bearer realm="", authorization_uri="` + loginHost + `/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`}
	return r
}
