package main

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxSize = 5_000_000_000 // bytes of a file: yours to choose
	maxPut  = 5_000_000_000 // bytes; what a single PUT carries

	urlLife   = 900     // seconds, as those below
	linkLife  = 3600    // of a link, at most
	fileLife  = 86_400  // of a grant
	partsLife = 604_800 // of a grant for parts: a terabyte at 20 Mbit/s takes five days
)

var (
	unclean   = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
	mediaType = regexp.MustCompile(`^[\w.+-]+/[\w.+-]+$`)
	md5Digest = regexp.MustCompile(`^[A-Za-z0-9+/]{22}==$`)
	nonce     = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)
)

// guards are signed along. Ceph, MinIO and Storj take headers that are not signed: with the URL of a
// PUT one could copy any object of the bucket, or make the file public. These refuse that. Amazon
// takes no such headers, and many of its buckets refuse each ACL.
func guards() headers {
	if strings.Contains(endpoint.Host, ".amazonaws.com") {
		return headers{}
	}
	return headers{
		"x-amz-copy-source-if-match": `"0"`,
		"x-amz-copy-source-range":    "none",
		"x-amz-acl":                  "private",
	}
}

// request has all that is asked with. A pointer is nil where nothing was said.
type request struct {
	ID, Op string
	File   *struct {
		Name, Path, Type string
		Size             *int64 // bytes; a stream has none
	}
	Grant, Key, Route, MD5, Nonce *string
	Again                         bool
	Size, PartSize, ExpiresIn     *int64
	PartNumber, After             int64
	Parts                         []part
}

// part is one that is stored, as clients and buckets name it.
type part struct {
	PartNumber int64
	ETag       string
}

// grant is what its bearer may do with one object.
type grant struct {
	Kind     string `json:"kind"` // "file", or "parts" for an upload in parts
	Key      string `json:"key"`
	Type     string `json:"type"`
	Size     int64  `json:"size"`     // bytes; of a stream at most
	Stored   bool   `json:"stored"`   // signs no more writes
	Upload   string `json:"upload"`   // by which id the bucket knows it
	PartSize int64  `json:"partSize"` // bytes of each part but the last
	Stream   bool   `json:"stream"`   // its size is told when it is completed
	Expires  int64  `json:"expires"`  // seconds since 1970
}

// answer is what goes back as JSON; an error is one too.
type answer map[string]any

// refusal is an error that the client is told.
type refusal struct{ code, message string }

func (r refusal) Error() string { return r.message }

func refuse(code, message string) answer {
	return answer{"error": answer{"code": code, "message": message}}
}

var operations = map[string]struct {
	kind string // of the grant that it takes; none where it makes one
	do   func(user string, g grant, r request) (answer, error)
}{
	"put":      {"", put},
	"create":   {"", create},
	"part":     {"parts", signPart},
	"parts":    {"parts", signParts},
	"complete": {"parts", complete},
	"abort":    {"parts", abort},
	"link":     {"file", link},
}

// sign answers one request of a user. This is all there is to a signer.
func sign(user string, r request) answer {
	operation, isKnown := operations[r.Op]
	if !isKnown {
		return refuse("unsupported-op", "This signer does not know this operation.")
	}
	var done answer
	g, err := grantFor(user, r, operation.kind)
	if err == nil {
		done, err = operation.do(user, g, r)
	}
	if refused := (refusal{}); errors.As(err, &refused) {
		return refuse(refused.code, refused.message)
	}
	if err != nil {
		log.Printf("%s: %v", r.Op, err)
		return refuse("internal-error", "The bucket does not do what it is asked.")
	}
	return done
}

// grantFor reads the grant that was sent, or makes one for a new file.
func grantFor(user string, r request, kind string) (grant, error) {
	if kind != "" {
		return open(user, r.Grant, kind)
	}
	g, err := newGrant(user, r)
	if err != nil || r.Op != "put" || r.Grant == nil {
		return g, err
	}
	// A put that is tried again, to the same key.
	again, err := open(user, r.Grant, "file")
	if err == nil && (again.Stored || again.Size != g.Size || again.Type != g.Type) {
		err = refusal{"invalid-grant", "The grant is for another file."}
	}
	return again, err
}

// newGrant checks a file, and chooses where it goes.
func newGrant(user string, r request) (g grant, err error) {
	f, most := r.File, int64(maxSize)
	if f == nil || f.Size == nil && r.Op == "put" || f.Size != nil && *f.Size < 0 {
		return g, refusal{"bad-request", `"size" must be a number of bytes.`}
	}
	if r.Op == "put" {
		most = min(maxSize, maxPut)
	}
	if f.Size != nil && *f.Size > most {
		return g, refusal{"too-large", fmt.Sprintf("The file is larger than %d bytes.", most)}
	}
	if utf8.RuneCountInString(f.Name) > 1024 || utf8.RuneCountInString(f.Path) > 4096 {
		return g, refusal{"bad-request", "A name has at most 1024 characters, and a path 4096."}
	}
	if r.Route != nil {
		return g, refusal{"bad-request", "This signer has no routes."}
	}
	g = grant{Kind: "file", Type: "application/octet-stream", Expires: now() + fileLife}
	if mediaType.MatchString(f.Type) {
		g.Type = f.Type
	}
	if g.Stream = f.Size == nil; g.Stream {
		g.Size = min(maxSize, streamPart*maxParts)
	} else {
		g.Size = *f.Size
	}
	id := make([]byte, 16)
	rand.Read(id)
	if r.Nonce != nil { // each try of one file gets the same key
		if !nonce.MatchString(*r.Nonce) {
			return g, refusal{"bad-request", `"nonce" must be 16 to 64 letters, digits, "-" or "_".`}
		}
		id = derive("nonce", user, *r.Nonce, fmt.Sprint(g.Size), g.Type)[:16]
	}
	name := unclean.ReplaceAllString(f.Name, "-")
	if len(name) > 100 {
		name = name[len(name)-100:]
	}
	if name = strings.Trim(name, ".-"); name == "" {
		name = "file"
	}
	g.Key = hex.EncodeToString(id) + "/" + name
	return g, nil
}

// seal writes a grant: base64url(JSON) "." base64url(HMAC). It is bound to its user, whom it does not show.
func (g grant) seal(user string) string {
	content, _ := json.Marshal(g)
	text := base64.RawURLEncoding.EncodeToString(content)
	return text + "." + base64.RawURLEncoding.EncodeToString(derive("grant", user, text))
}

// open reads a grant that seal has written for this user.
func open(user string, token *string, kind string) (g grant, err error) {
	invalid := refusal{"invalid-grant", "The grant is not valid."}
	if token == nil {
		return g, invalid
	}
	text, sealed, _ := strings.Cut(*token, ".")
	right := base64.RawURLEncoding.EncodeToString(derive("grant", user, text))
	if !hmac.Equal([]byte(sealed), []byte(right)) {
		return g, invalid
	}
	content, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(content, &g) != nil {
		return g, invalid
	}
	if g.Kind != kind || g.Expires <= now() {
		return g, invalid
	}
	return g, nil
}

// derive makes of texts what only those with the secret key of this bucket can.
func derive(texts ...string) []byte {
	sum := []byte(secretKey)
	for _, text := range append([]string{"bucket-upload", endpoint.Host, bucket}, texts...) {
		sum = mac(sum, text)
	}
	return sum
}

// put is one file with one request.
func put(user string, g grant, r request) (answer, error) {
	sent := guards()
	sent["Content-Type"] = g.Type
	done, err := upload(g, nil, g.Size, sent, r.MD5)
	if err != nil {
		return nil, err
	}
	done["grant"] = g.seal(user)
	return linkTo(g.Key, linkLife, done), nil
}

// upload signs a PUT of just so many bytes with just these headers.
func upload(g grant, q query, size int64, sent headers, md5 *string) (answer, error) {
	if md5 != nil {
		if !md5Digest.MatchString(*md5) {
			return nil, refusal{"bad-request", `"md5" must be the 16 bytes of it in base64.`}
		}
		sent["Content-MD5"] = *md5
	}
	exact := headers{"content-length": fmt.Sprint(size)}
	for name, value := range sent {
		exact[strings.ToLower(name)] = value
	}
	url := presign("PUT", g.Key, q, exact, urlLife)
	return answer{"key": g.Key, "url": url, "method": "PUT", "headers": sent, "expiresAt": in(urlLife)}, nil
}

// linkTo adds a link that saves the object, and shows no page under the origin of the bucket.
func linkTo(key string, life int64, done answer) answer {
	saved := query{"response-content-disposition": fmt.Sprintf(`attachment; filename="%s"`, path.Base(key))}
	done["key"] = key
	done["downloadUrl"] = presign("GET", key, saved, nil, life)
	done["downloadExpiresAt"] = in(life)
	return done
}

// link is a link to what a grant is for. A client may ask for a shorter life, and for no longer one.
func link(_ string, g grant, r request) (answer, error) {
	if r.Key != nil && *r.Key != g.Key {
		return nil, refusal{"invalid-grant", "The grant is for another key."}
	}
	life := int64(linkLife)
	if r.ExpiresIn != nil {
		life = max(1, min(*r.ExpiresIn, linkLife))
	}
	return linkTo(g.Key, life, answer{}), nil
}

func now() int64 { return time.Now().Unix() }

func in(seconds int64) string {
	return time.Unix(now()+seconds, 0).UTC().Format(time.RFC3339)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func max(a, b int64) int64 {
	if a > b {
		return a
	}
	return b
}
