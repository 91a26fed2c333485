#!/bin/sh
# SPDX-License-Identifier: MIT
# The load balancer for the service. Needs in the environment: VPC, SUBNETS (two, with a blank between), SECURITY_GROUP,
# CERTIFICATE_ARN.
set -eu

# shellcheck disable=SC2086 # two words
balancer=$(aws elbv2 create-load-balancer --name realtime-relay --type application --scheme internet-facing \
    --subnets $SUBNETS --security-groups "$SECURITY_GROUP" --query 'LoadBalancers[0].LoadBalancerArn' --output text)
# A connection that is quiet for so long is cut; the relay's heartbeat (30 s) keeps calls open.
aws elbv2 modify-load-balancer-attributes --load-balancer-arn "$balancer" --attributes Key=idle_timeout.timeout_seconds,Value=300

targets=$(aws elbv2 create-target-group --name realtime-relay --protocol HTTP --port 8080 --target-type ip --vpc-id "$VPC" \
    --health-check-path /health --health-check-interval-seconds 10 --healthy-threshold-count 2 \
    --unhealthy-threshold-count 2 --matcher HttpCode=200 --query 'TargetGroups[0].TargetGroupArn' --output text)
# New calls go to the task with the fewest; live ones have two minutes when a task goes away.
aws elbv2 modify-target-group-attributes --target-group-arn "$targets" --attributes \
    Key=load_balancing.algorithm.type,Value=least_outstanding_requests \
    Key=deregistration_delay.timeout_seconds,Value=120 \
    Key=stickiness.enabled,Value=true Key=stickiness.type,Value=lb_cookie Key=stickiness.lb_cookie.duration_seconds,Value=3600

aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTPS --port 443 \
    --certificates CertificateArn="$CERTIFICATE_ARN" --ssl-policy ELBSecurityPolicy-TLS13-1-2-2021-06 \
    --default-actions Type=forward,TargetGroupArn="$targets"
echo "targetGroupArn for service.json: $targets"
