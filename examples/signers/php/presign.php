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
    $headers['host'] = preg_replace('~^https?://~', '', $origin);
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
