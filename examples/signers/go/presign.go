package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
func presign(now time.Time, method, key string, q query, h headers, expires int) string {
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
