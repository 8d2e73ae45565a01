package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strings"
	"time"
)

type (
	headers map[string]string // by names in lower case
	query   map[string]string
)

var (
	endpoint, _ = url.Parse(os.Getenv("BUCKET_UPLOAD_ENDPOINT"))
	bucket      = os.Getenv("BUCKET_UPLOAD_BUCKET")
	region      = os.Getenv("BUCKET_UPLOAD_REGION")
	accessKeyID = os.Getenv("AWS_ACCESS_KEY_ID")
	secretKey   = os.Getenv("AWS_SECRET_ACCESS_KEY")
)

// presign makes a URL by Signature Version 4. The client must send these headers; expires is in seconds.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
func presign(method, key string, q query, h headers, expires int64) string {
	now := time.Now().UTC()
	date := now.Format("20060102")
	scope := date + "/" + region + "/s3/aws4_request"
	signed := headers{"host": endpoint.Host}
	for name, value := range h {
		signed[name] = value
	}
	asked := query{
		"X-Amz-Algorithm":     "AWS4-HMAC-SHA256",
		"X-Amz-Credential":    accessKeyID + "/" + scope,
		"X-Amz-Date":          now.Format("20060102T150405Z"),
		"X-Amz-Expires":       fmt.Sprint(expires),
		"X-Amz-SignedHeaders": strings.Join(names(signed), ";"),
	}
	for name, value := range q {
		asked[name] = value
	}
	path := "/" + bucket + "/" + strings.ReplaceAll(escape(key), "%2F", "/")
	search := join(asked, "&", func(name, value string) string { return escape(name) + "=" + escape(value) })
	lines := join(signed, "", func(name, value string) string { return name + ":" + value + "\n" })
	canonical := strings.Join(
		[]string{method, path, search, lines, asked["X-Amz-SignedHeaders"], "UNSIGNED-PAYLOAD"}, "\n")
	hash := sha256.Sum256([]byte(canonical))
	toSign := "AWS4-HMAC-SHA256\n" + asked["X-Amz-Date"] + "\n" + scope + "\n" + hex.EncodeToString(hash[:])
	secret := []byte("AWS4" + secretKey)
	for _, part := range []string{date, region, "s3", "aws4_request", toSign} {
		secret = mac(secret, part)
	}
	return endpoint.Scheme + "://" + endpoint.Host + path + "?" + search +
		"&X-Amz-Signature=" + hex.EncodeToString(secret)
}

// reply is what the bucket answers to the signer itself; its status is 0 where there was no answer.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// Error has no URL in it: whoever has one that is signed can use it.
func (r reply) Error() string {
	var said struct{ Code string }
	xml.Unmarshal(r.body, &said)
	return fmt.Sprintf("the bucket answered with status %d %s", r.status, said.Code)
}

// Followed, a POST would become a GET.
var client = http.Client{
	Timeout:       170 * time.Second, // putting parts together may take that long
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// ask has the bucket do something.
func ask(method, key string, q query, h headers, body []byte) reply {
	request, err := http.NewRequest(method, presign(method, key, q, h, 900), bytes.NewReader(body))
	if err != nil {
		return reply{}
	}
	for name, value := range h {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		return reply{}
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}
	}
	return reply{response.StatusCode, response.Header, content}
}

func mac(secret []byte, text string) []byte {
	hash := hmac.New(sha256.New, secret)
	hash.Write([]byte(text))
	return hash.Sum(nil)
}

// escape leaves only what RFC 3986 calls unreserved; url.QueryEscape makes a plus of a space.
func escape(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

func names[M ~map[string]string](m M) []string {
	all := make([]string, 0, len(m))
	for name := range m {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}

func join[M ~map[string]string](m M, by string, write func(name, value string) string) string {
	parts := []string{}
	for _, name := range names(m) {
		parts = append(parts, write(name, m[name]))
	}
	return strings.Join(parts, by)
}
