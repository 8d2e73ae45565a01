<?php

declare(strict_types=1);

/**
 * Makes a URL by Signature Version 4.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *
 * @param array<string, string> $query goes into the URL
 * @param array<string, string> $headers by names in lower case; the client must send them with the URL
 * @param int $expires seconds
 */
function presign(string $method, string $key, array $query, array $headers, int $expires): string
{
    [$origin, $bucket, $region] = array_map(
        'getenv',
        ['BUCKET_UPLOAD_ENDPOINT', 'BUCKET_UPLOAD_BUCKET', 'BUCKET_UPLOAD_REGION'],
    );
    $now = gmdate('Ymd\THis\Z');
    $date = substr($now, 0, 8);
    $scope = "$date/$region/s3/aws4_request";
    $origin = rtrim($origin, '/');
    $headers['host'] = bucketHost();
    ksort($headers);
    $query += [
        'X-Amz-Algorithm' => 'AWS4-HMAC-SHA256',
        'X-Amz-Credential' => getenv('AWS_ACCESS_KEY_ID') . "/$scope",
        'X-Amz-Date' => $now,
        'X-Amz-Expires' => $expires,
        'X-Amz-SignedHeaders' => implode(';', array_keys($headers)),
    ];
    ksort($query);
    $path = '/' . $bucket . '/' . str_replace('%2F', '/', rawurlencode($key));
    $search = http_build_query($query, '', '&', PHP_QUERY_RFC3986);
    $lines = '';
    foreach ($headers as $name => $value) {
        $lines .= "$name:$value\n";
    }
    $canonical = implode("\n", [
        $method, $path, $search, $lines, $query['X-Amz-SignedHeaders'], 'UNSIGNED-PAYLOAD',
    ]);
    $toSign = implode("\n", ['AWS4-HMAC-SHA256', $now, $scope, hash('sha256', $canonical)]);
    $secret = 'AWS4' . getenv('AWS_SECRET_ACCESS_KEY');
    foreach ([$date, $region, 's3', 'aws4_request'] as $part) {
        $secret = hash_hmac('sha256', $part, $secret, true);
    }
    return "$origin$path?$search&X-Amz-Signature=" . hash_hmac('sha256', $toSign, $secret);
}

function bucketHost(): string
{
    return preg_replace('~^https?://~', '', rtrim(getenv('BUCKET_UPLOAD_ENDPOINT'), '/'));
}

/**
 * Has the bucket do something.
 *
 * @param array<string, string> $headers by names in lower case
 * @return array{status: int, headers: array<string, string>, body: string} the status is 0 where there
 *     was no answer
 */
function ask(string $method, string $key, array $query, array $headers = [], string $body = ''): array
{
    $lines = $method === 'POST' ? ['content-length: ' . strlen($body)] : [];
    foreach ($headers as $name => $value) {
        $lines[] = "$name: $value";
    }
    $options = [
        'method' => $method,
        'header' => $lines,
        'content' => $body,
        'protocol_version' => 1.1,
        'ignore_errors' => true,
        'follow_location' => 0, // followed, a POST would become a GET
        'timeout' => 170, // seconds: putting parts together may take that long
    ];
    $url = presign($method, $key, $query, $headers, 900);
    try {
        $stream = fopen($url, 'r', false, stream_context_create(['http' => $options]));
        $answered = (string) stream_get_contents($stream);
    } catch (ErrorException) { // what it says has the URL in it
        return ['status' => 0, 'headers' => [], 'body' => ''];
    }
    $lines = stream_get_meta_data($stream)['wrapper_data'];
    $status = (int) explode(' ', array_shift($lines))[1];
    $said = [];
    foreach ($lines as $line) {
        [$name, $value] = explode(':', $line, 2);
        $said[strtolower($name)] = trim($value);
    }
    return ['status' => $status, 'headers' => $said, 'body' => $answered];
}

/** What the bucket answered, as XML; null if it is none. No entity is loaded from anywhere. */
function xml(array $reply): ?SimpleXMLElement
{
    libxml_use_internal_errors(true);
    return simplexml_load_string($reply['body'], options: LIBXML_NONET) ?: null;
}

/** Writes what the bucket said to the log, without any URL: whoever has one that is signed can use it. */
function failure(array $reply): Refusal
{
    error_log("The bucket answered with status {$reply['status']} " . (xml($reply)->Code ?? ''));
    return new Refusal('internal-error', 'The bucket does not do what it is asked.');
}
